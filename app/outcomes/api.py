"""JSON in, JSON out."""

from app.accounts.models import Scope
from app.challenges.access import OwnedChallenge, ViewableChallenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter
from app.core.outbox import RequestOutbox
from app.organisations.access import AnyActor, SignedInActor, ViewableOrganisation
from app.outcomes import actions, pages
from app.outcomes.access import OwnQuestion
from app.outcomes.schemas import (
    CameOfIt,
    OutcomeAsked,
    OutcomeReply,
    PurchaseRecord,
    PurchaseShown,
    TrackRecordShown,
)

router = ApiRouter("outcomes")
QUESTION = "/outcomes/{outcome_id}"


@router.read(
    "/challenges/{challenge_id}/outcome", "card", scope=Scope.PILOTS_READ, twin="challenges:show"
)
def show_outcome(challenge: ViewableChallenge, actor: AnyActor, session: DbSession) -> CameOfIt:
    """Show what came of a challenge, once its decisions are released."""
    part = pages.purchases_part(session, challenge, actor)
    card = pages.outcome_card(session, challenge)
    return CameOfIt.of(challenge, card, part.purchases if part else [])


@router.act(
    "/challenges/{challenge_id}/purchases",
    "record_purchase",
    scope=Scope.PILOTS_WRITE,
    twin="outcomes:record_purchase",
)
def record_purchase(
    challenge: OwnedChallenge,
    typed: PurchaseRecord,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> PurchaseShown:
    """Link a later purchase to a completed challenge."""
    purchase = actions.record_purchase(session, challenge, typed.bought(), by=actor, at=now)
    return PurchaseShown.of(purchase)


@router.read(
    "/organisations/{slug}/track-record",
    "track_record",
    scope=Scope.ORGANISATIONS_READ,
    twin="organisations:show",
)
def show_track_record(
    organisation: ViewableOrganisation, session: DbSession, now: Now
) -> TrackRecordShown:
    """Show how an owner treated those who answered so far."""
    return TrackRecordShown.of(pages.record_of(session, organisation.id, now))


@router.read(QUESTION, "question", scope=Scope.PILOTS_READ, twin="outcomes:question")
def show_question(question: OwnQuestion) -> OutcomeAsked:
    """Show the question what came of a challenge, and your organisation's answer."""
    return OutcomeAsked.about(question)


@router.act(QUESTION, "answer", scope=Scope.PILOTS_WRITE, twin="outcomes:answer")
def answer_question(
    question: OwnQuestion,
    typed: OutcomeReply,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> OutcomeAsked:
    """Say once what came of a challenge."""
    actions.answer(session, question, typed.reply(), by=actor, outbox=outbox)
    return OutcomeAsked.about(question)
