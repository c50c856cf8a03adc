"""Tokens for links in e-mails: signed, dated, for one purpose, worthless after use."""

from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer


class SignedTokens:
    """Make and read tokens.

    :param key: the installation's signing key
    """

    def __init__(self, key: str) -> None:
        self._key = key

    def make(self, purpose: str, payload: Any) -> str:
        """Return a token that only ``read`` with the same purpose accepts."""
        return self._serializer(purpose).dumps(payload)

    def read(self, purpose: str, token: str, *, max_age: int) -> Any | None:
        """Return the payload, or None when forged, foreign or older than ``max_age`` seconds."""
        try:
            return self._serializer(purpose).loads(token, max_age=max_age)
        except BadSignature:
            return None

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._key, salt=f"quaylink.{purpose}")
