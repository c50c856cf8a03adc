"""What curators type and choose."""

from typing import Annotated, ClassVar, Literal

from fastapi import Query
from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.core.errors import DomainError
from app.core.forms import FormModel
from app.core.i18n import N_
from app.matches.models import DropReason
from app.shortlists.actions.editing import Row
from app.shortlists.models import LONGEST_WAIT, MOST_AT_ONCE, Pace


class Incomplete(DomainError):
    """A button came without the fields its page gives it."""

    status_code = 422

    def __init__(self) -> None:
        super().__init__(N_("The form was incomplete. Go back, reload the page and try again."))


Words = Annotated[str, Query(alias="q", max_length=200)]
NOTE_LENGTH = 1000
Note = Annotated[str, Field(max_length=NOTE_LENGTH)]
MOST_STEPS = 1000
"""More than any list is long; whoever is moved beyond its end stands at the end."""


class ButtonForm(FormModel):
    """A button on a match: which version of it the page showed, and where to go back to."""

    labels: ClassVar = {"version": N_("Version"), "back": N_("Back")}

    version: int
    back: str = ""


class ShiftForm(ButtonForm):
    """Up or down, by one place with the buttons and by several when somebody drags."""

    labels: ClassVar = {
        **ButtonForm.labels,
        "direction": N_("Direction"),
        "steps": N_("By how many places"),
    }

    direction: Literal["up", "down"]
    steps: Annotated[int, Field(ge=1, le=MOST_STEPS)] = 1


class NoteForm(ButtonForm):
    """Why somebody is on the list."""

    labels: ClassVar = {**ButtonForm.labels, "note": N_("Why on the list")}

    note: Note = ""


class DropForm(ButtonForm):
    """Why somebody is left out."""

    labels: ClassVar = {
        **ButtonForm.labels,
        "reason": N_("Why it is not a fit"),
        "note": N_("In your words"),
    }
    words: ClassVar = {
        "reason:missing": N_("Choose why it is not a fit."),
        "note:in_words": N_("Say in your words why it is not a fit."),
    }

    reason: DropReason
    note: Annotated[str, Field(max_length=NOTE_LENGTH, validate_default=True)] = ""

    @field_validator("note")
    @classmethod
    def _other_needs_words(cls, note: str, told: ValidationInfo) -> str:
        if told.data.get("reason") is DropReason.OTHER and not note:
            raise PydanticCustomError("in_words", "Say in your words why it is not a fit.")
        return note


class AddForm(FormModel):
    """Whom to add by hand, and why."""

    labels: ClassVar = {
        "organisation_id": N_("Organisation"),
        "note": N_("Why on the list"),
        "q": N_("Name of the organisation"),
    }
    words: ClassVar = {
        "organisation_id:missing": N_("Choose the organisation you want to add."),
        "note:missing": N_("Say why you add this organisation: the challenge owner reads it."),
    }

    q: str = ""
    organisation_id: Annotated[int, Field(ge=1, lt=2**31)]
    note: Note


class SendForm(FormModel):
    """Whom the page before sending showed."""

    labels: ClassVar = {
        "match_id": N_("Invitations"),
        "share_reason": N_("Why so many own members"),
    }
    lists: ClassVar = frozenset({"match_id"})

    match_id: list[int] = []
    share_reason: Note = ""


class PaceForm(FormModel):
    """In what batches invitations go out."""

    labels: ClassVar = {
        "batch_size": N_("Invitations at once"),
        "wait_days": N_("Days to wait for replies"),
        "by_hand": N_("Next batches"),
    }

    batch_size: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)]
    wait_days: Annotated[int, Field(ge=1, le=LONGEST_WAIT)]
    by_hand: Literal["", "1"] = ""

    def pace(self) -> Pace:
        """Return what was typed."""
        return Pace(self.batch_size, self.wait_days, is_automatic=not self.by_hand)


class RecallForm(FormModel):
    """Why a match is taken back."""

    labels: ClassVar = {"version": N_("Version"), "reason": N_("Why it is taken back")}
    words: ClassVar = {
        "reason:string_too_short": N_("Say why it is taken back: an invited organisation reads it.")
    }

    version: int
    reason: Annotated[str, Field(min_length=1, max_length=NOTE_LENGTH)]


class CoSignForm(FormModel):
    """What the region says when it co-signs."""

    labels: ClassVar = {"note": N_("Note")}

    note: Note = ""


MOST_ENTRIES = 50


class EntryRow(FormModel):
    """One entry of a list that is edited as a whole."""

    match_id: Annotated[int, Field(ge=1, lt=2**31)]
    place: Annotated[int, Field(ge=1, le=9_999)]
    note: Note = ""
    was_place: int
    was_note: str = ""

    def row(self) -> Row:
        """Return what was typed."""
        note, was_note = _one_line_end(self.note), _one_line_end(self.was_note)
        return Row(self.match_id, self.place, note, self.was_place, was_note)


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n")  # browsers send two characters


class ListForm(FormModel):
    """A whole list."""

    labels: ClassVar = {
        "entries[].place": N_("Place here"),
        "entries[].note": N_("Why on the list"),
        "entries": N_("Shortlist"),
    }

    entries: Annotated[list[EntryRow], Field(max_length=MOST_ENTRIES)] = []
