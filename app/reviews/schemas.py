"""Decisions as the API shows and takes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.core.json_api import Body, Shown, example
from app.responses.models import ResponseState
from app.responses.schemas import ResponseListed, ResponseShown
from app.reviews.forms import DecisionForm, FeedbackForm, FeedbackRow, ReplyForm, WaiverForm
from app.reviews.models import Decision, Outcome
from app.screenings.schemas import InformationShown, ObjectionShown


class Deciding(DecisionForm, Body):
    """A decision with reason and feedback, one row for each main criterion in their order."""

    model_config = example(
        outcome="not_selected",
        reason="The battery is too heavy for the roof.",
        feedback=[{"strength": "Short charging times.", "gap": "Nothing on ice in winter."}],
    )

    version: SkipJsonSchema[int] = 0


class Feedback(FeedbackRow, Body):
    """Feedback on one answer; `version` is the one that you have seen, 0 for none."""


class GivingFeedback(FeedbackForm, Body):
    """Feedback on several answers to a market consultation, with a text for each."""

    model_config = example(
        rows=[
            {
                "response_id": 1,
                "version": 0,
                "strengths": "A plug is there that takes ten minutes.",
                "gaps": "We would have liked to see figures on ice in winter.",
                "reason": "We describe the need by minutes now, not by the kind of plug.",
            }
        ]
    )

    rows: list[Feedback] = Field(max_length=500)  # type: ignore[assignment]  # narrower


class AcceptanceReply(ReplyForm, Body):
    """Whether a selected organisation takes the selection."""

    model_config = example(reply="accept")


class Waiver(WaiverForm, Body):
    """Why decisions are prepared without the missing reviews."""


class FeedbackShown(Shown):
    """What an answer gets right and what it lacks, by one criterion."""

    criterion_id: int
    strength: str
    gap: str


class DecisionShown(Shown):
    """A decision on an answer."""

    stage: int = Field(description="1: the only one, or the shortlist; 2: after a shortlist.")
    outcome: Outcome
    reason: str
    strengths: str
    gaps: str
    feedback: Sequence[FeedbackShown]
    reserve_place: int | None
    reply_by: datetime | None = Field(description="By when a selection is accepted or refused.")
    released_at: datetime | None
    version: int = Field(description="For If-Match.")

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """Return a decision with its feedback."""
        same = (
            "stage", "outcome", "reason", "strengths", "gaps", "reserve_place", "reply_by",
            "released_at", "version",
        )  # fmt: skip
        return cls(
            **{name: getattr(decision, name) for name in same},
            feedback=[
                FeedbackShown(criterion_id=f.criterion_id, strength=f.strength, gap=f.gap)
                for f in decision.feedback
            ],
        )


class ResponseRead(ResponseShown):
    """An answer with what is known about it."""

    is_own: bool
    decisions: Sequence[DecisionShown] = Field(description="The latest stage first.")
    information: InformationShown | None = Field(description="What was asked about it.")
    objection: ObjectionShown | None = Field(description="Why it was not eligible.")


class DecisionRow(Shown):
    """An answer beside what is decided on it, if you may know it."""

    response: ResponseListed
    decision: DecisionShown | None


class Decisions(Shown):
    """All answers of a challenge; without rows while sealed."""

    is_unsealed: bool
    open_count: int = Field(description="How many still lack decision, reason or feedback.")
    rows: Sequence[DecisionRow]


class Told(Shown):
    """An answer with the state that it has now."""

    response_id: int
    state: ResponseState


class Released(Shown):
    """What the release of all decisions led to."""

    challenge_id: int
    state: str
    told: Sequence[Told]
