"""Addresses for e-mails, where no request tells us our own name."""

from dataclasses import dataclass
from typing import Any

from app.core.signed_tokens import SignedTokens


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
