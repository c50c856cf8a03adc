"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.core.i18n import N_
from app.core.labels import LabelledEnum

_WORD = re.compile(r"\S+\s*|\s+")


class Change(LabelledEnum):
    """What became of a stretch of text."""

    SAME = "same", N_("Unchanged")
    REMOVED = "removed", N_("Removed")
    ADDED = "added", N_("Added")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, went, or came."""

    change: Change
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """Return both texts as one, in reading order; a word that changed is removed, then added.

    Without the removed pieces it is the new text, without the added ones the old text.
    """
    return [piece for piece in _pieces(_WORD.findall(old), _WORD.findall(new)) if piece.text]


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        removed, added = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if kind == "equal":
            yield Piece(Change.SAME, added)
        else:
            yield Piece(Change.REMOVED, removed)
            yield Piece(Change.ADDED, added)
