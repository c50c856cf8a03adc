"""Shortlists as the API shows them, and what curators send."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.core.json_api import Body, Shown, example
from app.matches.models import DropReason, MatchState
from app.matches.schemas import MatchShown
from app.organisations.schemas import OrganisationRef
from app.shortlists.forms import (
    AddForm,
    CoSignForm,
    DropForm,
    ListForm,
    NoteForm,
    PaceForm,
    RecallForm,
    SendForm,
    ShiftForm,
)
from app.shortlists.models import Entry, ShortlistVersion
from app.shortlists.pages import SendingPage
from app.shortlists.policy import Recipient, Shares, kept_shares


class Shift(ShiftForm, Body):
    """Up or down, by one place unless more are said."""

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


class Rhythm(PaceForm, Body):
    """In what batches invitations go out; with `by_hand` "1" only a curator sends the next."""

    model_config = example(batch_size=5, wait_days=7)


class ListWritten(ListForm, Body):
    """Order and notes of all who are kept, each with the place and the note that you have read.

    Others may edit at the same time: what only they changed stays as they left it.
    """

    model_config = example(
        entries=[
            {"match_id": 7, "place": 2, "note": "", "was_place": 1, "was_note": ""},
            {"match_id": 9, "place": 1, "note": "Has a berth.", "was_place": 2, "was_note": ""},
        ]
    )


class PaceShown(Shown):
    """In what batches invitations go out."""

    batch_size: int = Field(description="How many go out at once.")
    wait_days: int = Field(description="So long the next batch waits for replies to the last.")
    is_automatic: bool = Field(description="Whether the platform sends it, or a curator by hand.")
    next_at: datetime | None = Field(description="When the platform sends the next batch.")

    @classmethod
    def of(cls, shown: SendingPage) -> Self:
        """Return how invitations go out."""
        return cls(**asdict(shown.pace), next_at=shown.next_at)


class WaitingShown(Shown):
    """Somebody who is kept and not invited yet."""

    match_id: int
    organisation: OrganisationRef
    free_from: datetime = Field(description="From when the cap of invitations lets it be invited.")

    @classmethod
    def of(cls, recipient: Recipient) -> Self:
        """Return one recipient."""
        return cls(
            match_id=recipient.card.match.id,
            organisation=OrganisationRef.of(recipient.card.organisation),
            free_from=recipient.free_from,
        )


class SendingShown(Shown):
    """What sending would do at this moment."""

    now: list[WaitingShown]
    later: list[WaitingShown] = Field(description="In later batches.")
    held: list[WaitingShown] = Field(description="Once their cap of invitations a week lets them.")
    too_late: list[WaitingShown] = Field(description="The cap lets them only after the close.")
    stopped: list[WaitingShown] = Field(description="They want no invitations.")
    pace: PaceShown
    owes_share_reason: bool = Field(
        description="Whether own members are so many that `share_reason` is owed."
    )

    @classmethod
    def of(cls, shown: SendingPage, shares: Shares | None) -> Self:
        """Return what sending would do."""

        def waiting(recipients: Sequence[Recipient]) -> list[WaitingShown]:
            return [WaitingShown.of(each) for each in recipients]

        coming = shown.coming
        return cls(
            now=waiting(coming.now),
            later=waiting(coming.later),
            held=waiting(coming.held),
            too_late=waiting(coming.too_late),
            stopped=waiting(coming.stopped),
            pace=PaceShown.of(shown),
            owes_share_reason=bool(shares and shares.is_flagged),
        )


class ListStored(Shown):
    """How many entries changed."""

    changed: int


class FoundShown(Shown):
    """An organisation that can be added by hand, and where its match stands if it has one."""

    organisation: OrganisationRef
    state: MatchState | None


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
