"""A small OpenID Connect provider that answers over HTTP and can be told to misbehave."""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from typing_extensions import override

from app.core.settings import Settings
from app.core.sign_in_providers import SignInProvider


@cache
def made_key(kid: str) -> RSAKey:
    """Return a key, made once in a run of the tests."""
    return RSAKey.generate_key(2048, {"kid": kid})


EVENT = "http://schemas.openid.net/event/backchannel-logout"
CLIENT, SECRET = "quaylink-at-the-city", "a secret between two servers"


@dataclass
class City:
    """Signs people in for a city. Whoever follows ``address`` is signed in as ``person``.

    :ivar wrong: claims that replace the right ones in the next token; None leaves one out
    :ivar asked: the parameters of each way there, latest last
    """

    clock: Callable[[], datetime]
    key: RSAKey = field(default_factory=lambda: made_key("one"))
    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)
    told_elsewhere: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    signing_key: RSAKey | None = None
    shown_keys: dict[str, Any] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    grants: dict[str, dict[str, str]] = field(default_factory=dict)
    is_down: bool = False
    pages_read: int = 0

    def follow(self, address: str) -> str:
        """Sign in at an address that somebody was sent to; return where they are sent back."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}" == self.issuer
        sent = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert (sent["client_id"], sent["response_type"]) == (CLIENT, "code")
        assert sent["code_challenge_method"] == "S256"
        self.asked.append(sent)
        code = f"code-{len(self.asked)}"
        self.grants[code] = sent
        back = urlsplit(sent["redirect_uri"])
        assert back.scheme == "http"
        return f"{back.path}?code={code}&state={sent['state']}"

    def logout_token(self, *, kind: str | None = "logout+jwt", **wrong: Any) -> str:
        """Return what is sent when the person was signed out; ``wrong`` as above."""
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "jti": "notice-1",
            "events": {EVENT: {}},
            "sub": self.person.get("sub"),
            **wrong,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.signing_key or self.key
        header = {"alg": "RS256", "kid": key.kid, **({"typ": kind} if kind else {})}
        return jwt.encode(header, claims, key)

    def pages(self) -> dict[str, Any]:
        """Return what is to be read here by address."""
        self.pages_read += 1
        public = (self.signing_key or self.key).as_dict(private=False)
        described = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            **self.description,
        }
        return {
            "/.well-known/openid-configuration": described,
            "/keys": self.shown_keys or {"keys": [public]},
            "/userinfo": {"sub": self.person.get("sub"), **self.told_elsewhere},
        }

    def exchange(self, sent: dict[str, str], authorization: str) -> dict[str, Any]:
        """Return tokens for a code, once, to whoever has the secret and the verifier."""
        assert b64decode(authorization.removeprefix("Basic ")).decode() == f"{CLIENT}:{SECRET}"
        grant = self.grants.pop(sent["code"], None)
        hashed = sha256(sent["code_verifier"].encode()).digest()
        challenge = urlsafe_b64encode(hashed).rstrip(b"=").decode()
        if grant is None or grant["code_challenge"] != challenge:
            return {"error": "invalid_grant"}
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": grant["nonce"],
            **self.person,
            **self.wrong,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.signing_key or self.key
        token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
        return {"access_token": "opens the userinfo", "token_type": "Bearer", "id_token": token}


def trusting(settings: Settings, city: City) -> Settings:
    """Return the settings of an installation that trusts it."""
    provider = SignInProvider(
        key="city",
        name="City of Lanes",
        issuer=city.issuer,
        client_id=CLIENT,
        client_secret=SecretStr(SECRET),
        domains=frozenset({"City.example"}),
        second_factor_levels=frozenset({"gold"}),
    )
    return settings.model_copy(update={"sign_in_providers": (provider,)})


@contextmanager
def running(city: City) -> Iterator[City]:
    """Let it answer at an address of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = None if city.is_down else city.pages().get(self.path)
            if self.path == "/userinfo":
                assert self.headers["Authorization"] == "Bearer opens the userinfo"
            self._answer(found)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            found = city.exchange(sent, self.headers["Authorization"])
            self._answer(found, 400 if "error" in found else 200)

        def _answer(self, found: Any, status: int = 200) -> None:
            body = json.dumps(found).encode()
            self.send_response(status if found is not None else 503)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        city.issuer = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield city
        server.shutdown()
