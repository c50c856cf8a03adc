"""Secrets that we have to read again, sealed with a key that is not in the database."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BEGINNING = "sealed:"
"""What tells a sealed text from one that was stored before there were seals."""


class Seals:
    """Seal and open short texts.

    :param keys: the installation's key, then the earlier ones that may still be needed
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._newest = Fernet(_derived(keys[0]))
        self._all = MultiFernet([Fernet(_derived(key)) for key in keys])

    def seal(self, text: str) -> str:
        """Return the text so that nobody reads it without the key; never twice the same."""
        return BEGINNING + self._newest.encrypt(text.encode()).decode()

    def open(self, stored: str) -> str | None:
        """Return what was sealed, None where no key of ours opens it.

        A text from before there were seals comes back as it is.
        """
        if not stored.startswith(BEGINNING):
            return stored
        try:
            return self._all.decrypt(stored.removeprefix(BEGINNING).encode()).decode()
        except InvalidToken:
            return None

    def is_newest(self, stored: str) -> bool:
        """Whether a stored text is sealed with the present key."""
        if not stored.startswith(BEGINNING):
            return False
        try:
            self._newest.decrypt(stored.removeprefix(BEGINNING).encode())
        except InvalidToken:
            return False
        return True


def _derived(key: str) -> bytes:
    purpose = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"quaylink.seals")
    return urlsafe_b64encode(purpose.derive(key.encode()))
