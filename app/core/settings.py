"""Configuration: one frozen object, read from QUAYLINK_* variables when the process starts."""

import secrets
from pathlib import Path
from typing import Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, FilePath, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.core.sign_in_providers import SignInProvider


class Settings(BaseSettings):
    """Everything that may differ between two installations.

    Each field is read from the variable ``QUAYLINK_<NAME>``; ``docs/configuration.md`` lists them.
    """

    model_config = SettingsConfigDict(env_prefix="QUAYLINK_", frozen=True)

    data_dir: Path = Field(
        default=Path("var"),
        description="Folder that holds all state: database, index, mails, keys.",
    )
    base_url: str = Field(
        default="http://127.0.0.1:8000",
        description="Address under which people reach the platform; used in e-mails.",
    )
    database_url: str | None = Field(
        default=None,
        description="postgresql://user:password@host/database, with pgvector installed; without "
        "one, SQLite in the data folder.",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="smtp://user:password@host:port (smtps:// or ?starttls=1 for encryption); "
        "without one, mails are files in the data folder and on the administrators' page.",
    )
    mail_from: str = Field(
        default="Quaylink <quaylink@localhost>", description="Sender of all e-mails."
    )
    contact: str = Field(
        default="postmaster@localhost",
        description="E-mail address of the operator, named on the privacy and accessibility pages.",
    )
    enforcement_body: str = Field(
        default="",
        description="Name and address of the body that watches over accessibility where the "
        "operator is; printed in the accessibility statement.",
    )
    embedding_model: str | None = Field(
        default=None,
        description="Name or folder of a sentence-transformers model; without one, the bundled.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Key that signs links and cookies; without one, made once in the data folder.",
    )
    earlier_secret_keys: tuple[SecretStr, ...] = Field(
        default=(),
        description="JSON list of keys used before: what they signed or sealed is still read, and "
        "sealed anew with the present key within a day.",
    )
    sign_in_providers: tuple[SignInProvider, ...] = Field(
        default=(),
        description="JSON list of OpenID Connect providers through which people sign in; "
        "[docs/sign-in.md](sign-in.md) has the fields and an example.",
    )
    allowed_origins: frozenset[str] = Field(
        default=frozenset(),
        description="JSON list of further origins that may post forms (proxies changing Host).",
    )
    api_requests_per_minute: int = Field(
        default=300,
        ge=1,
        description="How many requests a minute a token, or an address without one, may send to "
        "the API.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Token with which monitoring on another machine reads `/metrics` and the "
        "details of `/readyz`, as `Authorization: Bearer …`; without one, only this machine does.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="From which level on things are logged; on a terminal as text, else as JSON.",
    )
    open_data_licence: str = Field(
        default="CC BY 4.0", description="Licence of the open data, named in every file of it."
    )
    open_data_licence_url: str = Field(
        default="https://creativecommons.org/licenses/by/4.0/",
        description="Where the text of that licence is.",
    )
    invitations_per_week: int = Field(
        default=3,
        ge=1,
        description="Most invitations that an organisation gets in any seven days; further ones "
        "wait until it may be invited again.",
    )
    journal_names_days: int = Field(
        default=1826,
        ge=1,
        description="So many days after a challenge was archived, the journal forgets who acted; "
        "what was done, when, why and for which organisation stays.",
    )
    keep_jobs_days: int = Field(
        default=14,
        ge=1,
        description="So many days after it was done, a job is deleted; see "
        "[docs/retention.md](retention.md) for everything that ends by itself.",
    )
    keep_messages_days: int = Field(
        default=730,
        ge=30,
        description="So many days after it was written, a message is deleted from the inbox and "
        "from the administrators' page.",
    )
    second_factor: Literal["offered", "administration", "everybody"] = Field(
        default="offered",
        description="Who does nothing before they have set up a second factor: nobody, "
        "administrators and regional developers, or everybody. Whoever signs in through a provider "
        "proves there who they are.",
    )
    breached_passwords: FilePath | None = Field(
        default=None,
        description="File of leaked passwords that nobody may choose: a SHA-1 in hexadecimal a "
        "line, sorted, as Have I Been Pwned hands out; `python -m scripts.hash_passwords` makes "
        "one of a plain list. Without one, some forty thousand common ones are refused.",
    )
    worker_niceness: int = Field(
        default=10,
        ge=0,
        le=19,
        description="How far the process that works in the background steps back where people wait "
        "for an answer and both want to compute: 0 not at all, 19 most.",
    )
    environment: Literal["development", "production"] = Field(
        default="development",
        description="In production, cookies travel over HTTPS only and the base URL must be https.",
    )

    @model_validator(mode="after")
    def _is_fit_for_the_open(self) -> Self:
        # The address is left to the command line until somebody says otherwise.
        is_open = self.environment == "production" and "base_url" in self.model_fields_set
        if is_open and not self.base_url.startswith("https://"):
            raise ValueError("QUAYLINK_BASE_URL: in production it must begin with https://")
        return self

    @model_validator(mode="after")
    def _sends_no_password_in_the_open(self) -> Self:
        parts = urlsplit(self.smtp_url.get_secret_value() if self.smtp_url else "")
        is_open = parts.scheme == "smtp" and "starttls" not in parse_qs(parts.query)
        is_elsewhere = parts.hostname not in {None, "localhost", "127.0.0.1", "::1"}
        if self.environment == "production" and is_open and is_elsewhere and parts.username:
            raise ValueError(
                "QUAYLINK_SMTP_URL: in production a password goes to another machine by smtps:// "
                "or with ?starttls=1 only"
            )
        return self

    @model_validator(mode="after")
    def _has_sound_providers(self) -> Self:
        keys = [provider.key for provider in self.sign_in_providers]
        if len(set(keys)) != len(keys):
            raise ValueError("QUAYLINK_SIGN_IN_PROVIDERS: every provider needs a key of its own")
        if self.environment == "production":
            for provider in self.sign_in_providers:
                if not provider.issuer.startswith("https://"):
                    raise ValueError(
                        f"QUAYLINK_SIGN_IN_PROVIDERS: the issuer of {provider.key!r} must begin "
                        "with https:// in production"
                    )
        return self

    @property
    def sqlalchemy_url(self) -> str:
        """The configured database, or SQLite in the data folder."""
        return self.database_url or f"sqlite+pysqlite:///{self.data_dir / 'quaylink.sqlite3'}"

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies may travel over HTTPS only."""
        return self.environment == "production"


def keys_of(settings: Settings) -> tuple[str, ...]:
    """Return the key that signs and seals, then the earlier ones that are still read."""
    earlier = (key.get_secret_value() for key in settings.earlier_secret_keys)
    return signing_key(settings), *earlier


def signing_key(settings: Settings) -> str:
    """Return the key that signs links and cookies; make it on first use, readable to us alone."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret.key"
    if not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()
