"""What people type when they refer, answer or recommend."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.core.forms import FormModel
from app.core.i18n import N_

Id = Annotated[int, Field(ge=1, lt=2**31)]
Reasons = Annotated[str, Field(min_length=1, max_length=2_000)]


class ReferralForm(FormModel):
    """To whom something is referred, and why; ``target`` is a cluster or a challenge."""

    labels: ClassVar = {"target": N_("To whom"), "note": N_("Why")}
    words: ClassVar = {
        "target:missing": N_("Choose to whom you refer it."),
        "note:string_too_short": N_("Say why: those who decide on it read this."),
    }

    target: Id
    note: Reasons


class AnswerForm(FormModel):
    """Whether a cluster takes what is referred to it."""

    labels: ClassVar = {"answer": N_("Your answer"), "reason": N_("Why not")}
    words: ClassVar = {"answer:missing": N_("Choose one of the two answers.")}

    answer: Literal["accept", "decline"]
    reason: Annotated[str, Field(max_length=2_000)] = ""


class RecommendationForm(FormModel):
    """Who is recommended, and what speaks for it."""

    labels: ClassVar = {
        "organisation_id": N_("Organisation"),
        "note": N_("What speaks for it"),
        "q": N_("Name of the organisation"),
    }
    words: ClassVar = {
        "organisation_id:missing": N_("Choose the organisation you recommend."),
        "note:string_too_short": N_("Say what speaks for it, best with where one can check it."),
    }

    q: str = ""
    organisation_id: Id
    note: Reasons
