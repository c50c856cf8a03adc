"""Every SELECT on decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from app.accounts.models import User
from app.accounts.queries import regional_developers
from app.challenges.models import Challenge, ChallengeState, Mode
from app.core import journal
from app.core.i18n import N_
from app.organisations.models import Organisation, OrganisationKind
from app.organisations.queries import acting_people
from app.responses.models import AWAITING_DECISION, CHOSEN_STATES, Response, ResponseState
from app.responses.queries import count_handed_in, with_everything
from app.reviews.models import GIVING, Decision, Feedback, Outcome
from app.reviews.policy import stage_of
from app.shortlists.models import SIGNABLE, CoSignature, ShareReason
from app.shortlists.queries import co_signature_of


def _with_feedback() -> Select[Decision]:
    feedback = selectinload(Decision.feedback).joinedload(Feedback.criterion)
    return select(Decision).options(feedback)


def decision_on(session: Session, response: Response) -> Decision | None:
    """Return the latest decision on one answer, prepared or released."""
    return next(iter(decisions_on(session, response)), None)


def decisions_on(session: Session, response: Response) -> Sequence[Decision]:
    """Return the decisions on one answer, prepared or released, the latest stage first."""
    statement = _with_feedback().where(Decision.response_id == response.id)
    return session.scalars(statement.order_by(Decision.stage.desc())).all()


def decision_in_preparation(session: Session, response: Response) -> Decision | None:
    """Return the decision that would be written on an answer now, if there is one already."""
    stage = stage_of(response)
    found = decisions_on(session, response)
    return next((decision for decision in found if decision.stage == stage), None)


def decisions_by_response(session: Session, challenge_id: int) -> Mapping[int, Decision]:
    """Return the latest decisions of a challenge, prepared or released, by response id."""
    statement = _with_feedback().join(Decision.response).order_by(Decision.stage)
    found = session.scalars(statement.where(Response.challenge_id == challenge_id))
    return {decision.response_id: decision for decision in found}


def first_in_reserve(session: Session, challenge_id: int) -> tuple[Response, Decision] | None:
    """Return who moves up next, with the decision that put them in reserve."""
    is_in_reserve = (
        (Response.challenge_id == challenge_id)
        & (Response.state == ResponseState.RESERVE)
        & (Decision.outcome == Outcome.RESERVE)
    )
    statement = with_everything().join(Decision, Decision.response_id == Response.id)
    order = (Decision.reserve_place.nulls_last(), Response.submitted_at, Response.id)
    response = session.scalars(statement.where(is_in_reserve).order_by(*order)).first()
    decision = decision_on(session, response) if response else None
    return (response, decision) if response and decision else None


@dataclass(frozen=True)
class PublicOutcome:
    """What anybody may know of how a challenge ended."""

    answer_count: int
    selected: Sequence[Organisation]


def outcome_of(session: Session, challenge_id: int) -> PublicOutcome | None:
    """Return how a challenge ended, or None while it is not decided."""
    is_decided = (Challenge.id == challenge_id) & Challenge.decided_at.is_not(None)
    if not session.scalar(select(func.count(Challenge.id)).where(is_decided)):
        return None
    is_selected = Response.state.in_(CHOSEN_STATES)
    statement = select(Organisation).join(Response, Response.organisation_id == Organisation.id)
    selected = statement.where(Response.challenge_id == challenge_id, is_selected)
    return PublicOutcome(
        answer_count=count_handed_in(session, challenge_id),
        selected=session.scalars(selected.order_by(Organisation.name)).all(),
    )


def lookers_after(session: Session, challenge: Challenge) -> Sequence[User]:
    """Return the curating cluster's people and the regional developers, each once."""
    people = list(regional_developers(session))
    if challenge.curating_cluster_id is not None:
        people += acting_people(session, challenge.curating_cluster_id)
    return list({person.id: person for person in people}.values())


def acceptance_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be reminded of a selection any more, if so."""
    response = session.get(Response, ids["response_id"])
    is_selected = response is not None and response.state is ResponseState.SELECTED
    return None if is_selected else N_("The selection is answered or taken back.")


PROPOSED, AGREED = "challenge.shortlist_proposed", "challenge.shortlist_agreed"


def agreement_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked to agree to a shortlist any more, if so."""
    challenge = session.get(Challenge, ids["challenge_id"])
    events = journal.history(session, challenge) if challenge else ()
    latest = next((each.action for each in events if each.action in {PROPOSED, AGREED}), PROPOSED)
    is_prepared = challenge is not None and challenge.state is ChallengeState.EVALUATING
    is_waiting = is_prepared and latest == PROPOSED
    return None if is_waiting else N_("The shortlist is agreed to, or released.")


def signature_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why the region need not be asked for its signature any more, if so."""
    waiting = (
        select(func.max(Decision.prepared_at))
        .join(Decision.response)
        .where(Response.challenge_id == ids["challenge_id"], Decision.released_at.is_(None))
    )
    prepared_at = session.scalar(waiting)
    if prepared_at is None:
        return N_("The decisions are released or taken back.")
    signature = co_signature_of(session, ids["challenge_id"])
    is_signed = signature is not None and signature.signed_at >= prepared_at
    return N_("The decisions are co-signed.") if is_signed else None


def challenges_to_cosign(session: Session, *, count: int) -> Sequence[tuple[Challenge, bool]]:
    """Return whose decisions wait for the region's signature, the next promised day first.

    Each comes with whether its list was flagged; else it gives public money. A signature does
    not count any more once a decision is changed.
    """
    is_flagged = select(ShareReason.id).where(ShareReason.challenge_id == Challenge.id).exists()
    prepared = (
        select(Decision.id)
        .join(Decision.response)
        .where(Response.challenge_id == Challenge.id, Decision.released_at.is_(None))
    )
    is_later = Decision.prepared_at > CoSignature.signed_at
    is_outdated = prepared.where(is_later).correlate(Challenge, CoSignature).exists()
    is_signed = (
        select(CoSignature.challenge_id)
        .where(CoSignature.challenge_id == Challenge.id, ~is_outdated)
        .exists()
    )
    is_decidable = Challenge.state.in_(SIGNABLE)
    is_in_rounds = (Challenge.state == ChallengeState.OPEN) & (Challenge.mode == Mode.ROLLING)
    gives_money = (
        (Organisation.kind == OrganisationKind.PUBLIC_BODY)
        & (Challenge.budget_eur > 0)
        & prepared.where(Decision.outcome.in_(GIVING)).exists()
        & ~_lacks_decision().exists()
    )
    is_owed = (is_flagged & (is_decidable | prepared.exists())) | gives_money
    statement = (
        select(Challenge, is_flagged)
        .join(Challenge.owner)
        .where(is_decidable | is_in_rounds, is_owed, ~is_signed)
        .options(contains_eager(Challenge.owner))
        .order_by(Challenge.decision_on, Challenge.id)
    )
    return [(each, flagged) for each, flagged in session.execute(statement.limit(count))]


def _lacks_decision() -> Select[int]:
    is_prepared = (
        select(Decision.id)
        .where(Decision.response_id == Response.id, Decision.released_at.is_(None))
        .exists()
    )
    may_wait = (Challenge.state == ChallengeState.OPEN) & (
        Response.state != ResponseState.IN_EVALUATION
    )
    return select(Response.id).where(
        Response.challenge_id == Challenge.id,
        Response.state.in_(AWAITING_DECISION),
        ~is_prepared & ~may_wait,
    )
