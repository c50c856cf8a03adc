"""The question is asked once of each side, and answered once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import Challenge, ChallengeState
from app.core import journal
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.journal import TIMER
from app.core.outbox import Outbox
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.outcomes import emails, queries
from app.outcomes.models import Outcome, OutcomeQuestion, Purchase, PurchaseRoute


class AnsweredAlready(DomainError):
    """Each side says once what came of it."""

    def __init__(self) -> None:
        super().__init__(N_("Your organisation has answered this already. Thank you."))


@dataclass(frozen=True)
class Reply:
    """What came of it, as one side says."""

    outcome: Outcome
    amount_eur: int | None
    note: str
    is_public: bool


def ask(session: Session, challenge: Challenge, *, outbox: Outbox) -> None:
    """Ask the owner and those it chose what came of a challenge; each side once."""
    asked = [challenge.owner_id, *queries.chosen_organisations(session, challenge.id)]
    for organisation_id in dict.fromkeys(asked):
        question = OutcomeQuestion(
            challenge=challenge, organisation_id=organisation_id, asked_at=outbox.now
        )
        session.add(question)
        journal.record(session, question, "outcome.asked", by=TIMER, at=outbox.now)
        for user in acting_people(session, organisation_id):
            outbox.add(emails.asked(question, to=user, links=outbox.links))


def answer(
    session: Session, question: OutcomeQuestion, reply: Reply, *, by: Actor, outbox: Outbox
) -> None:
    """Note what one side says.

    :raises AnsweredAlready: the second time
    """
    if question.answered_at is not None:
        raise AnsweredAlready
    who = by.by(question.organisation)
    for name, value in vars(reply).items():
        setattr(question, name, value)
    question.answered_at, question.answered_by_name = outbox.now, who.name
    journal.record(session, question, "outcome.answered", by=who, at=outbox.now)


class NotCompleted(DomainError):
    """A purchase follows a challenge that is completed."""

    def __init__(self) -> None:
        super().__init__(N_("A purchase is recorded once the challenge is completed."))


@dataclass(frozen=True)
class Bought:
    """What was bought, how, and where that can be read."""

    what: str
    route: PurchaseRoute
    link: str


def require_completed(challenge: Challenge) -> None:
    """Make sure that a purchase may be recorded.

    :raises NotCompleted: in any other state
    """
    if challenge.state is not ChallengeState.COMPLETED:
        raise NotCompleted


def record_purchase(
    session: Session, challenge: Challenge, bought: Bought, *, by: Actor, at: datetime
) -> Purchase:
    """Link a later purchase to a completed challenge.

    :raises NotCompleted: in any other state
    """
    require_completed(challenge)
    who = by.by(challenge.owner)
    purchase = Purchase(
        challenge_id=challenge.id, recorded_at=at, recorded_by_name=who.name, **vars(bought)
    )
    session.add(purchase)
    journal.record(session, challenge, "challenge.purchase_recorded", by=who, at=at)
    return purchase
