"""Addresses for e-mails, where no request tells us our own name."""

import re
from dataclasses import dataclass
from typing import Any

from app.core.signed_tokens import SignedTokens

# One slash, then neither a second one nor anything browsers drop or turn into one.
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def own_path(wanted: str, default: str = "/home") -> str:
    """Return ``wanted`` if it is a path on this site, else ``default``.

    Whatever a browser could read as another host is refused: two slashes, backslashes, and
    control characters between them.
    """
    return wanted if _OWN_PATH.fullmatch(wanted) else default


@dataclass(frozen=True)
class Links:
    """Builds absolute addresses and signed ones."""

    base_url: str
    tokens: SignedTokens

    def to(self, path: str) -> str:
        """Return the absolute address of a path of ours, such as ``/challenges/4``."""
        return f"{self.base_url.rstrip('/')}{path}"

    def signed(self, path: str, *, purpose: str, payload: Any) -> str:
        """Return the address of ``path`` followed by a token that carries ``payload``."""
        return self.to(f"{path}/{self.tokens.make(purpose, payload)}")
