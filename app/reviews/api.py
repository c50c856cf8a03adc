"""JSON in, JSON out."""

from fastapi import Response as HttpResponse

from app.accounts.models import Scope
from app.challenges.access import OwnedChallenge
from app.challenges.models import Challenge
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.json_api import ApiRouter, Done, SeenVersion, tag
from app.core.outbox import RequestOutbox
from app.core.problems import Invalid
from app.organisations.access import SignedInActor
from app.responses.access import OwnResponse, ReceivedChallenge, ViewableResponse
from app.responses.actions import note_reading
from app.responses.policy import is_unsealed
from app.responses.queries import handed_in
from app.responses.schemas import ResponseListed, ResponseShown
from app.reviews import pages, policy, queries
from app.reviews.access import ConsultedChallenge, DecidableResponse
from app.reviews.actions import accepting, acknowledging, agreeing, beginning, deciding, releasing
from app.reviews.forms import lacking, lacking_feedback
from app.reviews.schemas import (
    AcceptanceReply,
    Deciding,
    DecisionRow,
    Decisions,
    DecisionShown,
    GivingFeedback,
    Released,
    ResponseRead,
    Told,
    Waiver,
)
from app.screenings.schemas import InformationShown, ObjectionShown

router = ApiRouter("reviews")
READ, WRITE = Scope.REVIEWS_READ, Scope.REVIEWS_WRITE
DECISIONS = "/challenges/{challenge_id}/decisions"
DECISION = "/responses/{response_id}/decision"


@router.read(
    "/responses/{response_id}", "read_response", scope=Scope.RESPONSES_READ,
    twin="reviews:read_response",
)  # fmt: skip
@writes
def read_response(
    answer: HttpResponse,
    response: ViewableResponse,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> ResponseRead:
    """Show an answer with what you may know about it."""
    note_reading(session, response.challenge, by=actor, at=now)
    shown = pages.response_page(session, response, actor, now=now)
    tag(answer, response.version)
    return ResponseRead(
        **ResponseShown.whole(response, is_own=shown.is_own).model_dump(),
        is_own=shown.is_own,
        decisions=[DecisionShown.of(decision) for decision in shown.decisions],
        information=InformationShown.of(shown.information) if shown.information else None,
        objection=ObjectionShown.of(shown.objection) if shown.objection else None,
    )


@router.act(
    "/challenges/{challenge_id}/evaluation",
    "start_evaluation",
    scope=WRITE,
    twin="reviews:start_evaluation",
)
def start_evaluation(
    challenge: ReceivedChallenge, actor: SignedInActor, session: DbSession, outbox: RequestOutbox
) -> Done:
    """Begin the evaluation: everything is screened and the panel complete."""
    beginning.start_evaluation(session, challenge, by=actor, outbox=outbox)
    session.flush()
    return _done(challenge)


def _done(challenge: Challenge) -> Done:
    return Done(id=challenge.id, state=challenge.state, version=challenge.version)


@router.act(DECISION, "prepare", scope=WRITE, twin="reviews:prepare_decision", method="PUT")
def prepare_decision(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    answer: HttpResponse,
    response: DecidableResponse,
    seen: SeenVersion,
    typed: Deciding,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> DecisionShown:
    """Prepare a decision; nobody is told before the release.

    `If-Match: "0"` for the first decision on an answer.
    """
    if owed := lacking(typed, response.challenge):
        raise Invalid(owed)
    judgement = typed.judgement(policy.judged_by(response.challenge))
    deciding.prepare(session, response, judgement, seen_version=seen, by=actor, outbox=outbox)
    session.flush()
    decision = queries.decision_in_preparation(session, response)
    assert decision is not None  # noqa: S101 -- just prepared
    tag(answer, decision.version)
    return DecisionShown.of(decision)


@router.read(
    "/challenges/{challenge_id}/decisions", "decisions", scope=READ, twin="reviews:decisions"
)
@writes
def list_decisions(
    challenge: ReceivedChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> Decisions:
    """List all answers beside what is decided on each."""
    if not is_unsealed(challenge, now=now):
        return Decisions(is_unsealed=False, open_count=0, rows=[])
    note_reading(session, challenge, by=actor, at=now)
    shown = pages.decisions_page(session, challenge, actor)
    return Decisions(
        is_unsealed=True,
        open_count=shown.open_count,
        rows=[
            DecisionRow(
                response=ResponseListed.of(response),
                decision=DecisionShown.of(decision) if decision else None,
            )
            for response, decision in shown.rows
        ],
    )


@router.act(
    "/challenges/{challenge_id}/feedback", "prepare_feedback", scope=WRITE,
    twin="reviews:prepare_feedback", method="PUT",
)  # fmt: skip
def prepare_feedback(
    challenge: ConsultedChallenge,
    typed: GivingFeedback,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> Done:
    """Prepare feedback on several answers to a market consultation; nobody is told yet.

    `GET …/decisions` lists the answers with what is prepared on each, `POST …/decisions/release`
    tells everybody who answered at once.
    """
    if owed := lacking_feedback(typed):
        raise Invalid(owed)
    acknowledging.prepare_several(session, challenge, typed.judgements(), by=actor, outbox=outbox)
    session.flush()
    return _done(challenge)


@router.act(f"{DECISIONS}/waiver", "waive", scope=WRITE, twin="reviews:waive")
def waive_reviews(
    challenge: OwnedChallenge, typed: Waiver, actor: SignedInActor, session: DbSession, now: Now
) -> Done:
    """Decide without the reviews that are missing, for a recorded reason."""
    agreeing.waive_reviews(session, challenge, typed.reason, by=actor, at=now)
    return _done(challenge)


@router.act(f"{DECISIONS}/proposal", "propose", scope=WRITE, twin="reviews:propose_shortlist")
def propose_shortlist(
    challenge: OwnedChallenge, actor: SignedInActor, session: DbSession, outbox: RequestOutbox
) -> Done:
    """Ask those who look after the challenge to agree to the shortlist."""
    agreeing.propose_shortlist(session, challenge, by=actor, outbox=outbox)
    return _done(challenge)


@router.act(f"{DECISIONS}/agreement", "agree", scope=WRITE, twin="reviews:agree")
def agree_to_shortlist(
    challenge: ReceivedChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> Done:
    """Agree to the shortlist that the owner proposes."""
    agreeing.agree(session, challenge, by=actor, at=now)
    return _done(challenge)


@router.act(
    "/challenges/{challenge_id}/decisions/release", "release", scope=WRITE, twin="reviews:release"
)
def release_decisions(
    challenge: OwnedChallenge, actor: SignedInActor, session: DbSession, outbox: RequestOutbox
) -> Released:
    """Release all decisions together; everybody concerned is told the same minute."""
    releasing.release(session, challenge, by=actor, outbox=outbox, at=outbox.now)
    session.flush()
    return Released(
        challenge_id=challenge.id,
        state=challenge.state,
        told=[
            Told(response_id=response.id, state=response.state)
            for response in handed_in(session, challenge.id)
        ],
    )


@router.act(
    "/responses/{response_id}/acceptance",
    "reply",
    scope=Scope.RESPONSES_WRITE,
    twin="reviews:reply",
)
def reply_to_selection(
    response: OwnResponse,
    typed: AcceptanceReply,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> Told:
    """Accept or refuse your selection."""
    if typed.reply == "accept":
        accepting.accept(session, response, by=actor, outbox=outbox)
    else:
        accepting.refuse(session, response, reason=typed.reason, by=actor, outbox=outbox)
    session.flush()
    return Told(response_id=response.id, state=response.told_state)
