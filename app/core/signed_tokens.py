"""Tokens for links in e-mails: signed, dated, for one purpose, worthless after use."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from itsdangerous import (
    BadSignature,
    TimestampSigner,
    URLSafeSerializer,
    URLSafeTimedSerializer,
)
from typing_extensions import override

from app.core.clock import system_clock

Clock = Callable[[], datetime]
HMAC_SHA256: Mapping[str, Any] = {"digest_method": sha256, "key_derivation": "hmac"}
"""How everything is signed; what the library would do by itself is of another time (SHA-1)."""


class _ClockedSigner(TimestampSigner):
    """Dates tokens by the application's clock instead of the machine's."""

    def __init__(self, *args: Any, clock: Clock, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clock = clock

    @override
    def get_timestamp(self) -> int:
        return int(self._clock().timestamp())


class SignedTokens:
    """Make and read tokens.

    :param key: the installation's signing key
    :param clock: dates tokens when they are made and read
    :param earlier: keys it had before, whose tokens are still read
    """

    def __init__(
        self, key: str, clock: Clock = system_clock, *, earlier: Sequence[str] = ()
    ) -> None:
        self._keys = (*reversed(earlier), key)  # the last one signs
        self._clock = clock

    def make(self, purpose: str, payload: Any) -> str:
        """Return a token that only ``read`` with the same purpose accepts."""
        return self._serializer(purpose).dumps(payload)

    def read(self, purpose: str, token: str, *, max_age: int) -> Any | None:
        """Return the payload, or None when forged, foreign or older than ``max_age`` seconds.

        A token from the future is ours as well: another machine's clock is ahead, or this one was
        put back. It is taken from as long before as after.
        """
        try:
            payload, made_at = self._serializer(purpose).loads(token, return_timestamp=True)
        except BadSignature:
            return None
        return payload if abs((self._clock() - made_at).total_seconds()) <= max_age else None

    def make_lasting(self, purpose: str, payload: Any) -> str:
        """Return a token without a date, always the same for the same payload."""
        return self._lasting(purpose).dumps(payload)

    def read_lasting(self, purpose: str, token: str) -> Any | None:
        """Return the payload of a token without a date, or None when forged or foreign."""
        try:
            return self._lasting(purpose).loads(token)
        except BadSignature:
            return None

    def _lasting(self, purpose: str) -> URLSafeSerializer:
        salt = f"quaylink.lasting.{purpose}"
        return URLSafeSerializer(self._keys, salt=salt, signer_kwargs=dict(HMAC_SHA256))

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self._keys,
            salt=f"quaylink.{purpose}",
            signer=_ClockedSigner,
            signer_kwargs={"clock": self._clock, **HMAC_SHA256},
            fallback_signers=[],
        )
