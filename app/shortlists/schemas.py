"""Shortlists as the API shows them, and what curators send."""

from dataclasses import asdict
from datetime import datetime
from typing import Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.core.json_api import Body, Shown, example
from app.matches.models import DropReason, MatchState
from app.matches.schemas import MatchShown
from app.shortlists.forms import (
    AddForm,
    CoSignForm,
    DropForm,
    NoteForm,
    RecallForm,
    SendForm,
    ShiftForm,
)
from app.shortlists.models import Entry, ShortlistVersion
from app.shortlists.policy import kept_shares


class Shift(ShiftForm, Body):
    """Up or down."""

    version: SkipJsonSchema[int] = 0
    back: SkipJsonSchema[str] = ""


class Note(NoteForm, Body):
    """Why somebody is on the list."""

    version: SkipJsonSchema[int] = 0
    back: SkipJsonSchema[str] = ""


class CoSigning(CoSignForm, Body):
    """What the region says when it co-signs."""


class Drop(DropForm, Body):
    """Why somebody is left out."""

    version: SkipJsonSchema[int] = 0
    back: SkipJsonSchema[str] = ""


class Recall(RecallForm, Body):
    """Why a match is taken back."""

    version: SkipJsonSchema[int] = 0


class Addition(AddForm, Body):
    """Whom to add by hand, and why."""

    q: SkipJsonSchema[str] = ""


class Sending(SendForm, Body):
    """The ids of all kept matches, so that nobody is invited whom you have not seen."""

    model_config = example(match_id=[7, 9])


class EntryShown(Shown):
    """One organisation of a sent list, on it or left out."""

    organisation_id: int
    name: str
    position: int | None
    rank: int | None = Field(description="The machine's rank, if it had one.")
    note: str
    state: MatchState
    drop_reason: DropReason | None

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Return an entry as it stood."""
        return cls.model_validate({name: getattr(entry, name) for name in cls.model_fields})


class ShareShown(Shown):
    """How many of a list belong to the curating cluster."""

    members: int
    total: int


class VersionShown(Shown):
    """A list as it stood when it was sent."""

    number: int
    created_at: datetime
    own_members: ShareShown | None = Field(
        description="Members of the curating cluster on the list as it was sent; null where there "
        "is no cluster."
    )
    own_members_in_pool: ShareShown | None = Field(
        description="The same among all organisations that could answer then."
    )
    entries: list[EntryShown]
    dropped: list[EntryShown]

    @classmethod
    def of(cls, version: ShortlistVersion) -> Self:
        """Return a sent version."""
        shares = kept_shares(version)
        return cls(
            number=version.number,
            created_at=version.created_at,
            own_members=ShareShown(**asdict(shares.listed)) if shares else None,
            own_members_in_pool=ShareShown(**asdict(shares.pool)) if shares else None,
            entries=[EntryShown.of(each) for each in version.listed],
            dropped=[EntryShown.of(each) for each in version.left_out],
        )


class ShortlistShown(Shown):
    """The curated list of a challenge, in order."""

    entries: list[MatchShown]
    may_change: bool
    versions: list[int] = Field(description="Numbers of the versions sent; empty for the owner.")


class Sent(Shown):
    """Who is invited now, and who follows in later batches."""

    invited: list[int] = Field(description="Ids of matches.")
    waiting: list[int] = Field(description="Ids of matches that follow by themselves.")
