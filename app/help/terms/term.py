"""A word of the platform."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word as pages use it; ``slug`` is its anchor in every language."""

    slug: str
    word: str
    meaning: str
