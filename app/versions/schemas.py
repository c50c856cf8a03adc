"""Versions of an answer as the API shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field

from app.core.json_api import Shown
from app.core.word_diff import Change, Piece
from app.responses.models import ResponseVersion
from app.versions.pages import FieldChange, VersionsPage


class TextVersion(Shown):
    """An answer's text as it stood after a change."""

    number: int
    saved_at: datetime
    saved_by_name: str
    submitted_at: datetime | None = Field(description="When it was handed in, if it was.")

    @classmethod
    def of(cls, version: ResponseVersion) -> Self:
        """Return a version."""
        return cls(**{name: getattr(version, name) for name in cls.model_fields})


class PieceShown(Shown):
    """A stretch of text that stayed, went, or came."""

    change: Change
    text: str

    @classmethod
    def of(cls, piece: Piece) -> Self:
        """Return a stretch of text."""
        return cls(change=piece.change, text=piece.text)


class FieldChanged(Shown):
    """One field that says something else now."""

    label: str = Field(description="In your language; for an answer to a requirement its code.")
    asked: str = Field(description="The requirement that it answers, if it answers one.")
    pieces: Sequence[PieceShown]

    @classmethod
    def of(cls, change: FieldChange) -> Self:
        """Return a change, word by word."""
        pieces = [PieceShown.of(piece) for piece in change.pieces]
        return cls(label=change.label, asked=change.asked, pieces=pieces)


class Versions(Shown):
    """All versions, newest first, and what changed from `old` to `new`."""

    versions: Sequence[TextVersion]
    old: int | None
    new: int | None
    changes: Sequence[FieldChanged]

    @classmethod
    def of(cls, shown: VersionsPage) -> Self:
        """Return what the page shows."""
        return cls(
            versions=[TextVersion.of(version) for version in shown.versions],
            old=shown.old.number if shown.old else None,
            new=shown.new.number if shown.new else None,
            changes=[FieldChanged.of(change) for change in shown.changes],
        )
