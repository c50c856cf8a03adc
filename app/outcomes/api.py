"""JSON in, JSON out."""

from app.accounts.models import Scope
from app.challenges.access import ViewableChallenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter
from app.core.outbox import RequestOutbox
from app.organisations.access import SignedInActor, ViewableOrganisation
from app.outcomes import actions, pages
from app.outcomes.access import OwnQuestion
from app.outcomes.schemas import CameOfIt, OutcomeAsked, OutcomeReply, TrackRecordShown

router = ApiRouter("outcomes")
QUESTION = "/outcomes/{outcome_id}"


@router.read(
    "/challenges/{challenge_id}/outcome", "card", scope=Scope.PILOTS_READ, twin="challenges:show"
)
def show_outcome(challenge: ViewableChallenge, session: DbSession) -> CameOfIt:
    """Show what came of a challenge, once its decisions are released."""
    return CameOfIt.of(challenge, pages.outcome_card(session, challenge))


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
