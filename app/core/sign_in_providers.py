"""Whom the operator trusts to say who somebody is: settings, one entry a provider."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

Domain = Annotated[
    str,
    AfterValidator(str.casefold),
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+$", max_length=253),
]


class SignInProvider(BaseModel):
    """An OpenID Connect provider, and the addresses it stands for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(
        pattern=r"^[a-z0-9-]{1,40}$", description="Names it in addresses; never change it."
    )
    name: str = Field(
        min_length=1, max_length=60, description="What people call it; stands on the button."
    )
    issuer: str = Field(
        pattern=r"^https?://[^\s?#]+$",
        description="Its issuer address, exactly as its discovery document says it.",
    )
    client_id: str = Field(min_length=1, description="What it calls this installation.")
    client_secret: SecretStr | None = Field(
        default=None, description="The secret it gave us; without one we are a public client."
    )
    domains: frozenset[Domain] = Field(
        min_length=1,
        description="E-mail domains it stands for. Only addresses that end in one of them, as they "
        "are written, are believed.",
    )
    hosts: frozenset[str] = Field(
        default=frozenset(),
        description="Further hosts of its endpoints; without any, all lie on the issuer's host.",
    )
    second_factor_levels: frozenset[str] = Field(
        default=frozenset(),
        description="Values of `acr` that say that two factors were checked there; `mfa` in `amr` "
        "always says so.",
    )
    makes_accounts: bool = Field(
        default=True, description="Whether people without an account get one at the first sign-in."
    )
    required: bool = Field(
        default=False,
        description="Whether people of its domains sign in here only, not with a password.",
    )

    def stands_for(self, email: str) -> bool:
        """Whether an address ends in one of its domains."""
        return email.rpartition("@")[2].casefold() in self.domains

    def is_own(self, address: str, *, insecure: bool) -> bool:
        """Whether an address may be one of its endpoints: by https, on a host of its own.

        :param insecure: whether http will do, as on a developer's machine
        """
        try:
            parts = urlsplit(address)
            own = {urlsplit(self.issuer).netloc, *self.hosts}
        except ValueError:
            return False
        schemes = {"https", "http"} if insecure else {"https"}
        return parts.scheme in schemes and parts.netloc in own
