"""What people may type when they change the course of a challenge."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from app.challenges.models import Challenge, Ending, end_of
from app.core.forms import FormModel, TypedDate, date_parts
from app.core.i18n import N_
from app.steering.actions import NewDates
from app.steering.policy import Act

Day = Annotated[TypedDate, Field(lt=date(2100, 1, 1))]


class CourseForm(FormModel):
    """An act without anything to say, such as archiving."""

    labels = {"reason": N_("Reason, for everybody to read")}

    reason: str = Field("", max_length=2_000)
    version: int = 0


class DatesForm(CourseForm):
    """A new deadline."""

    labels = {
        "last_day": N_("Last day for answers"),
        "decision_on": N_("Decision by"),
        "reason": N_("Reason, for everybody to read"),
    }
    words = dict.fromkeys(
        ("last_day:less_than", "decision_on:less_than"),
        N_("“%(name)s”: choose a day before the year 2100."),
    )

    last_day: Day
    decision_on: Day | None = None

    def dates(self) -> NewDates:
        """Return what was typed: answers count until the end of the last day."""
        return NewDates(end_of(self.last_day), self.last_day, self.decision_on)


class EndingForm(CourseForm):
    """What became of a challenge."""

    labels = {"ending": N_("What became of it"), "reason": N_("An account for everybody to read")}

    ending: Ending


FORMS: Mapping[Act, type[CourseForm]] = {
    Act.OPEN: CourseForm,
    Act.EXTEND: DatesForm,
    Act.CLOSE: CourseForm,
    Act.REOPEN: DatesForm,
    Act.COMPLETE: EndingForm,
    Act.CANCEL: CourseForm,
    Act.ARCHIVE: CourseForm,
}


def first_fields(act: Act, challenge: Challenge) -> dict[str, Any]:
    """Return what a form shows before anybody typed."""
    return date_parts("decision_on", challenge.decision_on) if FORMS[act] is DatesForm else {}
