"""OpenID Connect, code flow with PKCE: the only part of the platform that asks another server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.core.logout_tokens import SignedOut, Unsound, check_kind, read_claims
from app.core.settings import Settings
from app.core.sign_in_providers import SignInProvider

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Signatures by a key that only the provider has; nothing with a shared secret, and not `none`."""
KNOWN_FOR = timedelta(hours=1)
SECONDS = 5.0
"""How long it may take to answer; somebody waits."""
DRIFT = 60
"""So many seconds our clocks may differ."""
LOOKED_LATELY = timedelta(minutes=1)
"""So long nobody who signed in nowhere can make us ask for the provider's keys once more."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderAway(Exception):
    """It does not answer, or not as the standard says; nobody's fault who signs in."""


class ProviderRefused(Exception):
    """What came back does not say, beyond doubt, who this is; ``args[0]`` says why, for the log."""


@dataclass(frozen=True)
class Visit:
    """What we keep of somebody whom we sent there, until they come back.

    :ivar back: the address at which they come back
    :ivar is_proof: whether they have to sign in there once more, even if they are already
    """

    state: str
    nonce: str
    verifier: str
    back: str
    began_at: datetime
    is_proof: bool


@dataclass(frozen=True)
class Vouched:
    """What the provider says about a person, after everything it sent was checked."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    name: str
    has_two_factors: bool
    session: str
    """Its name for this session, by which it says later that it ended; often an empty string."""


class OpenIdClient:
    """Talks to one provider.

    :param insecure: whether http will do, as on a developer's machine
    """

    def __init__(
        self, provider: SignInProvider, *, clock: Callable[[], datetime], insecure: bool
    ) -> None:
        self.provider = provider
        self._clock = clock
        self._insecure = insecure
        self._known: tuple[datetime, Mapping[str, Any]] | None = None

    def address(self, visit: Visit) -> str:
        """Return where somebody is sent to sign in.

        :raises ProviderAway: when that cannot be found out
        """
        endpoint = self._description()["authorization_endpoint"]
        again = {"prompt": "login", "max_age": "0"} if visit.is_proof else {}
        with self._client(visit.back) as client:
            address, _ = client.create_authorization_url(
                endpoint,
                state=visit.state,
                code_verifier=visit.verifier,
                nonce=visit.nonce,
                **again,
            )
        return str(address)

    def vouched(self, visit: Visit, code: str) -> Vouched:
        """Exchange a code for what the provider says, and check it.

        :raises ProviderAway: when it does not answer
        :raises ProviderRefused: when it does not take the code, or anything it says is off
        """
        description = self._description()
        token = self._token(description, visit, code)
        claims = self._claims(description, visit, token)
        if not claims.get("email"):
            claims.update(self._more(description, token, claims["sub"]))
        if visit.is_proof and _moment(claims) < visit.began_at - timedelta(seconds=DRIFT):
            raise ProviderRefused("not signed in again")
        methods = claims.get("amr") or []
        return Vouched(
            issuer=self.provider.issuer,
            subject=str(claims["sub"]),
            email=str(claims.get("email") or "").strip().casefold(),
            is_verified=claims.get("email_verified") is True,
            name=" ".join(str(claims.get("name") or "").split()),
            has_two_factors="mfa" in methods
            or claims.get("acr") in self.provider.second_factor_levels,
            session=str(claims.get("sid") or ""),
        )

    def signed_out(self, logout_token: str) -> SignedOut:
        """Return whom the provider says it signed out, after everything it sent was checked.

        :raises ProviderAway: when its keys cannot be read
        :raises ProviderRefused: when the token is not its own, not meant for us, or off
        """
        try:
            check_kind(_header(logout_token))
            description = self._description()
            read = self._read(description, logout_token, known_at_least=LOOKED_LATELY)
            return read_claims(
                read.claims,
                issuer=self.provider.issuer,
                audience=self.provider.client_id,
                now=self._clock(),
                drift=timedelta(seconds=DRIFT),
            )
        except Unsound as error:
            raise ProviderRefused(f"logout token: {error}") from error

    def _client(self, back: str) -> OAuth2Client:
        secret = self.provider.client_secret
        return OAuth2Client(
            client_id=self.provider.client_id,
            client_secret=secret.get_secret_value() if secret else None,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            code_challenge_method="S256",
            scope="openid email profile",
            redirect_uri=back,
            timeout=SECONDS,
            follow_redirects=False,
        )

    def _description(self) -> Mapping[str, Any]:
        now = self._clock()
        if self._known is None or self._known[0] + KNOWN_FOR < now:
            self._known = now, self._discovered()
        return self._known[1]

    def _discovered(self) -> Mapping[str, Any]:
        issuer = self.provider.issuer
        found = self._get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise ProviderAway(f"calls itself {found.get('issuer')!r}")
        foreign = [name for name in ENDPOINTS if not self._is_own(found.get(name))]
        if foreign:
            raise ProviderAway(f"has endpoints elsewhere: {foreign}")
        return {**found, "keys": self._get(found["jwks_uri"])}

    def _is_own(self, address: object) -> bool:
        return isinstance(address, str) and self.provider.is_own(address, insecure=self._insecure)

    def _get(self, address: str, *, bearer: str = "") -> dict[str, Any]:
        if not self._is_own(address):
            raise ProviderAway("not an address of its own")
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        try:
            answer = httpx.get(address, headers=headers, timeout=SECONDS, follow_redirects=False)
            found = answer.raise_for_status().json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ProviderAway(type(error).__name__) from error
        if not isinstance(found, dict):
            raise ProviderAway("answers with something else")
        return found

    def _token(self, description: Mapping[str, Any], visit: Visit, code: str) -> Mapping[str, Any]:
        try:
            with self._client(visit.back) as client:
                token = client.fetch_token(
                    description["token_endpoint"], code=code, code_verifier=visit.verifier
                )
        except AuthlibBaseError as error:
            raise ProviderRefused("code") from error
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderAway(type(error).__name__) from error
        if not isinstance(token, Mapping) or not isinstance(token.get("id_token"), str):
            raise ProviderRefused("no token")
        return token

    def _claims(
        self, description: Mapping[str, Any], visit: Visit, token: Mapping[str, Any]
    ) -> dict[str, Any]:
        read = self._read(description, token["id_token"])
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": self.provider.issuer},
                "aud": {"essential": True, "value": self.provider.client_id},
            },
            params={
                "nonce": visit.nonce,
                "client_id": self.provider.client_id,
                "access_token": token.get("access_token"),
            },
        )
        try:
            claims.validate(now=int(self._clock().timestamp()), leeway=DRIFT)
        except (JoseError, AuthlibBaseError, TypeError, ValueError) as error:
            raise ProviderRefused(f"claims: {error}") from error
        return dict(claims)

    def _read(
        self,
        description: Mapping[str, Any],
        token: str,
        *,
        known_at_least: timedelta = timedelta(),
    ) -> jwt.Token:
        try:
            return _decoded(token, description["keys"])
        except (JoseError, ValueError) as error:
            now = self._clock()
            if self._known is None or self._known[0] + known_at_least > now:
                raise ProviderRefused("signature") from error
            # It may have a new key since we looked.
            self._known = now, self._discovered()
        try:
            return _decoded(token, self._known[1]["keys"])
        except (JoseError, ValueError) as error:
            raise ProviderRefused("signature") from error

    def _more(
        self, description: Mapping[str, Any], token: Mapping[str, Any], subject: str
    ) -> dict[str, Any]:
        """Return address and name from where some providers tell them instead."""
        if "userinfo_endpoint" not in description:
            return {}
        told = self._get(description["userinfo_endpoint"], bearer=str(token["access_token"]))
        if told.get("sub") != subject:
            raise ProviderRefused("somebody else's address")
        return {name: told.get(name) for name in ("email", "email_verified", "name")}


def clients_for(settings: Settings, clock: Callable[[], datetime]) -> dict[str, OpenIdClient]:
    """Return a client for each provider that the operator named, by its key."""
    insecure = settings.environment == "development"
    return {
        provider.key: OpenIdClient(provider, clock=clock, insecure=insecure)
        for provider in settings.sign_in_providers
    }


def _decoded(token: str, keys: Any) -> jwt.Token:
    return jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)


def _header(token: str) -> Mapping[str, Any]:
    """Return what a token says of itself, before its signature is looked at."""
    try:
        return dict(jws.extract_compact(token.encode()).headers())
    except (JoseError, ValueError) as error:
        raise ProviderRefused("no token") from error


def _moment(claims: Mapping[str, Any]) -> datetime:
    said = claims.get("auth_time")
    return datetime.fromtimestamp(said if isinstance(said, int | float) else 0, UTC)
