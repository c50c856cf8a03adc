"""What came of challenges, as the API shows and takes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field

from app.challenges.models import Challenge
from app.challenges.schemas import ChallengeRef
from app.core.json_api import Body, Shown
from app.organisations.schemas import OrganisationRef
from app.outcomes.forms import OutcomeForm, PurchaseForm
from app.outcomes.models import Outcome, OutcomeQuestion, Purchase, PurchaseRoute
from app.outcomes.pages import OutcomeCard
from app.outcomes.policy import Share, TrackRecord
from app.pilots.schemas.shown import PilotListed


class OutcomeReply(OutcomeForm, Body):
    """What came of it; an amount goes with a contract only."""


class OutcomeTold(Shown):
    """What one side says came of a challenge."""

    organisation: OrganisationRef
    outcome: Outcome | None = Field(description="null: not answered yet.")
    amount_eur: int | None
    note: str
    is_public: bool
    answered_at: datetime | None

    @classmethod
    def of(cls, question: OutcomeQuestion) -> Self:
        """Return what was said so far."""
        same = ("outcome", "amount_eur", "note", "is_public", "answered_at")
        return cls(
            organisation=OrganisationRef.of(question.organisation),
            **{name: getattr(question, name) for name in same},
        )


class OutcomeAsked(OutcomeTold):
    """The one question to your organisation, and its answer."""

    id: int
    challenge: ChallengeRef
    asked_at: datetime

    @classmethod
    def about(cls, question: OutcomeQuestion) -> Self:
        """Return a question with its challenge."""
        return cls(
            **OutcomeTold.of(question).model_dump(),
            id=question.id,
            challenge=ChallengeRef.of(question.challenge),
            asked_at=question.asked_at,
        )


class PurchaseRecord(PurchaseForm, Body):
    """What was bought after a challenge, how, and where that can be read."""


class PurchaseShown(Shown):
    """What an owner bought after a challenge."""

    what: str
    route: PurchaseRoute
    link: str
    recorded_at: datetime

    @classmethod
    def of(cls, purchase: Purchase) -> Self:
        """Return a purchase as everybody may read it."""
        taken = ("what", "route", "link", "recorded_at")
        return cls(**{name: getattr(purchase, name) for name in taken})


class CameOfIt(Shown):
    """What came of a challenge, as everybody may read it."""

    challenge: ChallengeRef
    is_decided: bool = Field(description="Whether there is anything to say yet.")
    answers: int | None = Field(description="How many were received.")
    goes_on_with: Sequence[OrganisationRef] = Field(description="Chosen, accepted, and named.")
    pilots: Sequence[PilotListed]
    told: Sequence[OutcomeTold] = Field(description="What the sides let everybody read.")
    purchases: Sequence[PurchaseShown] = Field(description="What the owner bought afterwards.")

    @classmethod
    def of(
        cls, challenge: Challenge, card: OutcomeCard | None, purchases: Sequence[Purchase]
    ) -> Self:
        """Return the card of a challenge, empty before its decisions are released."""
        return cls(
            challenge=ChallengeRef.of(challenge),
            is_decided=card is not None,
            answers=card.answers if card else None,
            goes_on_with=[OrganisationRef.of(r.organisation) for r in card.chosen] if card else [],
            pilots=[PilotListed.of(pilot) for pilot in card.pilots] if card else [],
            told=[OutcomeTold.of(question) for question in card.told] if card else [],
            purchases=[PurchaseShown.of(purchase) for purchase in purchases],
        )


class ShareShown(Shown):
    """So many of so many."""

    count: int
    of: int

    @classmethod
    def from_cases(cls, share: Share) -> Self | None:
        """Return a share that rests on enough cases, or None."""
        return cls(count=share.count, of=share.of) if share.is_enough else None


class TrackRecordShown(Shown):
    """How an owner treated those who answered so far; null where too few cases stand behind it."""

    median_days: int | None = Field(description="From handing in to decision.")
    answered: ShareShown | None = Field(description="Answers that got a decision.")
    piloted: ShareShown | None = Field(description="Decided challenges that reached a pilot.")
    paid: ShareShown | None = Field(description="Pilots that were paid.")

    @classmethod
    def of(cls, record: TrackRecord) -> Self:
        """Return what of a record can be shown."""
        return cls(
            median_days=record.median_days,
            answered=ShareShown.from_cases(record.answered),
            piloted=ShareShown.from_cases(record.piloted),
            paid=ShareShown.from_cases(record.paid),
        )
