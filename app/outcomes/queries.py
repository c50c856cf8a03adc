"""Every SELECT on what came of challenges."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.challenges.models import Challenge, ChallengeState
from app.core.i18n import N_
from app.core.journal import Event
from app.outcomes.models import OutcomeQuestion, Purchase
from app.outcomes.policy import Records, StateChange
from app.pilots.models import Payment, Pilot
from app.responses.models import CHOSEN_STATES, HANDED_IN_STATES, Response, ResponseState

PUBLIC_CHOICES = frozenset(
    {ResponseState.ACCEPTED, ResponseState.PILOTING, ResponseState.COMPLETED}
)
"""States of an answer whose organisation everybody may know: chosen, released and accepted."""


# Every page of a challenge tells of its owner's record: the SELECTs are put together once, and
# an event is no more than the few values that count.
_OWN = Challenge.owner_id == bindparam("owner_id")
_PROMISED = select(Challenge.id, Challenge.decision_on).where(_OWN)
_ANSWERED = select(Response.id, Response.challenge_id).join(Response.challenge).where(_OWN)
_PAYMENTS = select(Pilot.id, Pilot.payment).join(Pilot.challenge).where(_OWN)
_CHALLENGES = select(Challenge.id).where(_OWN)
_CHANGES = (
    select(Event.id, Event.at, Event.subject_kind, Event.subject_id, Event.to_state)
    .where(
        Event.to_state != "",
        or_(
            (Event.subject_kind == "challenges") & Event.subject_id.in_(_CHALLENGES),
            (Event.subject_kind == "responses")
            & Event.subject_id.in_(
                select(Response.id).where(Response.challenge_id.in_(_CHALLENGES))
            ),
            (Event.subject_kind == "pilots")
            & Event.subject_id.in_(select(Pilot.id).where(Pilot.challenge_id.in_(_CHALLENGES))),
        ),
    )
    .order_by(Event.id)
)


def records_of(session: Session, owner_id: int) -> Records:
    """Return what the events of an owner are about."""
    wanted = {"owner_id": owner_id}
    payments = session.execute(_PAYMENTS, wanted)
    return Records(
        challenge_of={id_: about for id_, about in session.execute(_ANSWERED, wanted)},  # noqa: C416 -- dict() of rows has no type
        promised={id_: day for id_, day in session.execute(_PROMISED, wanted)},  # noqa: C416 -- as above
        is_paid={id_: how is Payment.PAID for id_, how in payments},
    )


def changes_of(session: Session, owner_id: int) -> list[StateChange]:
    """Return every change of state of an owner's challenges, their answers and their pilots."""
    return [StateChange._make(row) for row in session.execute(_CHANGES, {"owner_id": owner_id})]


def answer_count(session: Session, challenge_id: int) -> int:
    """Return how many answers a challenge received."""
    statement = select(func.count(Response.id)).where(
        Response.challenge_id == challenge_id, Response.state.in_(HANDED_IN_STATES)
    )
    return session.scalar(statement) or 0


def chosen_publicly(session: Session, challenge_id: int) -> Sequence[Response]:
    """Return the answers that were chosen and accepted, with their organisations."""
    statement = (
        select(Response)
        .where(Response.challenge_id == challenge_id, Response.state.in_(PUBLIC_CHOICES))
        .options(joinedload(Response.organisation))
        .order_by(Response.id)
    )
    return session.scalars(statement).all()


def to_look_back_on(session: Session, *, before: datetime) -> Sequence[int]:
    """Return the challenges that ended without a pilot by then and about which nobody was asked."""
    has_pilot = select(Pilot.id).where(
        Pilot.challenge_id == Challenge.id, Pilot.begun_at.is_not(None)
    )
    is_asked = select(OutcomeQuestion.id).where(OutcomeQuestion.challenge_id == Challenge.id)
    statement = select(Challenge.id).where(
        Challenge.state == ChallengeState.COMPLETED,
        Challenge.decided_at.is_not(None),
        Challenge.ended_at <= before,
        ~has_pilot.exists(),
        ~is_asked.exists(),
    )
    return session.scalars(statement.order_by(Challenge.id)).all()


def chosen_organisations(session: Session, challenge_id: int) -> Sequence[int]:
    """Return the organisations that the owner chose and that did not refuse."""
    statement = select(Response.organisation_id).where(
        Response.challenge_id == challenge_id, Response.state.in_(CHOSEN_STATES)
    )
    return session.scalars(statement.order_by(Response.id)).all()


def question_by_id(session: Session, question_id: int) -> OutcomeQuestion | None:
    """Return one question with its challenge and the organisation that is asked."""
    statement = select(OutcomeQuestion).where(OutcomeQuestion.id == question_id)
    challenge = joinedload(OutcomeQuestion.challenge).joinedload(Challenge.owner)
    return session.scalar(statement.options(challenge, joinedload(OutcomeQuestion.organisation)))


def public_answers(session: Session, challenge_id: int) -> Sequence[OutcomeQuestion]:
    """Return what the sides let everybody read about a challenge."""
    statement = (
        select(OutcomeQuestion)
        .where(
            OutcomeQuestion.challenge_id == challenge_id,
            OutcomeQuestion.answered_at.is_not(None),
            OutcomeQuestion.is_public.is_(True),
        )
        .options(joinedload(OutcomeQuestion.organisation))
        .order_by(OutcomeQuestion.id)
    )
    return session.scalars(statement).all()


def open_questions(
    session: Session, organisation_ids: Collection[int]
) -> Sequence[OutcomeQuestion]:
    """Return the questions that these organisations have not answered, the oldest first."""
    statement = (
        select(OutcomeQuestion)
        .where(
            OutcomeQuestion.organisation_id.in_(organisation_ids),
            OutcomeQuestion.answered_at.is_(None),
        )
        .options(joinedload(OutcomeQuestion.challenge), joinedload(OutcomeQuestion.organisation))
        .order_by(OutcomeQuestion.id)
    )
    return session.scalars(statement).all()


def question_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked what came of a challenge any more, if so."""
    question = session.get(OutcomeQuestion, ids["question_id"])
    is_open = question is not None and question.answered_at is None
    return None if is_open else N_("The question is answered.")


def purchases_after(session: Session, challenge_id: int) -> Sequence[Purchase]:
    """Return what was bought after a challenge, in the order it was recorded."""
    statement = select(Purchase).where(Purchase.challenge_id == challenge_id)
    return session.scalars(statement.order_by(Purchase.id)).all()
