"""Trails and archives of sourcing files as the API shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import Field

from app.core.event_words import sentence_of
from app.core.journal import PERSONAL_DETAILS, Event
from app.core.json_api import Shown
from app.trail.models import SourcingExport


class EventShown(Shown):
    """One step in the life of a challenge; nobody can change or delete it."""

    id: int
    at: datetime
    action: str = Field(examples=["challenge.closed"])
    sentence: str = Field(description="The same in words.")
    about: str = Field(description="Whose match or answer it is about, if it is somebody's.")
    who: str = Field(description="Empty: the platform, or a name that was erased.")
    is_erased: bool
    on_behalf_of: str
    reason: str
    details: dict[str, Any]

    @classmethod
    def of(cls, event: Event, names: Mapping[tuple[str, int], str]) -> Self:
        """Return an event as it is read in a trail."""
        return cls(
            id=event.id,
            at=event.at,
            action=event.action,
            sentence=sentence_of(event.action),
            about=names.get((event.subject_kind, event.subject_id), ""),
            who=event.user_name,
            is_erased=event.is_erased,
            on_behalf_of=event.organisation_name,
            reason=event.reason,
            details={k: v for k, v in event.details.items() if k not in PERSONAL_DETAILS},
        )


class ArchiveShown(Shown):
    """A sourcing file in one archive, which is put together in the background."""

    id: int
    asked_at: datetime
    is_ready: bool = Field(description="Whether it can be fetched.")
    size: int
    sha256: str

    @classmethod
    def of(cls, export: SourcingExport) -> Self:
        """Return an archive that somebody asked for."""
        return cls(
            id=export.id,
            asked_at=export.asked_at,
            is_ready=export.ready_at is not None,
            size=export.size,
            sha256=export.sha256,
        )
