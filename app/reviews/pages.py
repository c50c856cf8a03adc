"""What the pages about decisions show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState, Mode
from app.challenges.policy import acts_for_owner
from app.core import journal
from app.core.database import DbSession
from app.core.journal import Event
from app.disqualifications.policy import may_read
from app.disqualifications.queries import latest_case
from app.evaluations.actions.scoring import missing_sheets
from app.organisations.policy import Actor
from app.redirections.policy import is_free, may_propose
from app.responses.models import (
    AWAITING_DECISION,
    HANDED_IN_STATES,
    UNTOLD_STATES,
    Response,
    ResponseState,
)
from app.responses.policy import can_edit, is_author, may_withdraw
from app.responses.queries import authors_people, handed_in
from app.reviews import policy, queries
from app.reviews.actions.agreeing import is_agreed
from app.reviews.actions.co_signing import is_signature_missing
from app.reviews.actions.deciding import is_decidable
from app.reviews.actions.releasing import require_releasable
from app.reviews.models import Decision
from app.reviews.policy import Way
from app.screenings.models import InformationRequest, Objection
from app.screenings.queries import objection_to, request_about

CASE_EVENTS = frozenset(
    {
        "response.disqualification_opened", "response.disqualification_answered",
        "response.disqualification_lifted",
    }
)  # fmt: skip
"""What the owner reads in the history of an answer beside its changes of state."""


@dataclass(frozen=True)
class ResponsePage:
    """An answer with its history and, for those who may know it, its decision."""

    is_own: bool
    may_write: bool
    has_second_life: bool
    """Whether they may see, and say something about, its second life."""
    may_decide: bool
    takes_answers: bool
    may_withdraw: bool
    decisions: Sequence[Decision]
    """Those they may know, the latest stage first."""
    information: InformationRequest | None
    objection: Objection | None
    """Why it was not eligible, for those who may know it."""
    has_case: bool
    """Whether they read, or may open, a case against this answer."""
    events: Sequence[Event]


def response_page(
    session: DbSession, response: Response, actor: Actor, *, now: datetime
) -> ResponsePage:
    """Return what this person sees of an answer that they may read."""
    is_own = is_author(actor, response)
    events = journal.history(session, response)
    return ResponsePage(
        is_own=is_own,
        may_write=can_edit(actor, response),
        has_second_life=_has_second_life(actor, response, is_own=is_own),
        may_decide=policy.can_decide(actor, response) and is_decidable(response),
        takes_answers=response.challenge.takes_answers(now),
        may_withdraw=can_edit(actor, response) and may_withdraw(response),
        decisions=[
            decision
            for decision in queries.decisions_on(session, response)
            if policy.can_see_decision(actor, decision, response)
        ],
        information=request_about(session, response),
        objection=_upheld(session, response, is_own=is_own),
        has_case=may_read(actor, response, latest_case(session, response)),
        events=_tellable(events, response, is_own=is_own),
    )


def _has_second_life(actor: Actor, response: Response, *, is_own: bool) -> bool:
    if is_own:
        return response.state in HANDED_IN_STATES
    return is_free(response) and may_propose(actor, response)


def _upheld(session: DbSession, response: Response, *, is_own: bool) -> Objection | None:
    is_known = response.state is ResponseState.INELIGIBLE and not (is_own and response.is_untold)
    return objection_to(session, response) if is_known else None


def _tellable(events: Sequence[Event], response: Response, *, is_own: bool) -> Sequence[Event]:
    if not is_own:
        # How an answer was drafted is its organisation's own affair.
        return [event for event in events if event.to_state or event.action in CASE_EVENTS]
    if response.is_untold:
        return [event for event in events if event.to_state not in UNTOLD_STATES]
    return events


@dataclass(frozen=True)
class DecisionPage:
    """Where an answer stands among those still to be decided."""

    previous: Response | None
    next: Response | None
    undecided_count: int


def decision_page(session: DbSession, response: Response) -> DecisionPage:
    """Return the nearest undecided answers before and after this one."""
    responses = handed_in(session, response.challenge_id)
    decisions = queries.decisions_by_response(session, response.challenge_id)
    undecided = {open_one.id for open_one in policy.still_open(responses, decisions)}
    here = [candidate.id for candidate in responses].index(response.id)
    before = [r for r in responses[:here] if r.id in undecided]
    after = [r for r in responses[here + 1 :] if r.id in undecided]
    return DecisionPage(
        previous=before[-1] if before else None,
        next=after[0] if after else None,
        undecided_count=len(undecided),
    )


@dataclass(frozen=True)
class DecisionsPage:
    """All answers of a challenge beside what is decided on each."""

    rows: Sequence[tuple[Response, Decision | None]]
    open_count: int
    """How many answers of the next release lack a decision."""
    due_count: int
    """How many answers the next release decides."""
    way: Way
    is_agreed: bool
    """Whether the prepared shortlist, if it is one, has its agreement."""
    may_decide: bool
    may_start: bool
    may_agree: bool
    is_signature_missing: bool
    """Whether the region has to sign what is prepared."""
    may_sign: bool
    missing_scores: int
    """How many sheets evaluators still owe, as long as nobody waived them."""


def decisions_page(session: DbSession, challenge: Challenge, actor: Actor) -> DecisionsPage:
    """Return the overview of an unsealed challenge."""
    responses = handed_in(session, challenge.id)
    decisions = queries.decisions_by_response(session, challenge.id)
    due = policy.to_decide(responses, decisions)
    prepared = [decisions[r.id] for r in due if policy.is_prepared(r, decisions)]
    way = policy.way_of(challenge, prepared)
    is_evaluated = challenge.state is ChallengeState.EVALUATING
    return DecisionsPage(
        rows=[(response, _known(actor, response, decisions)) for response in responses],
        open_count=len(due) - len(prepared),
        due_count=len(due),
        way=way,
        is_agreed=way is Way.SHORTLIST and is_agreed(session, challenge, prepared),
        may_decide=acts_for_owner(actor, challenge),
        may_start=policy.evaluation_mover(actor, challenge) is not None,
        may_agree=policy.agreement_mover(actor, challenge) is not None,
        is_signature_missing=way is not Way.SHORTLIST
        and is_signature_missing(session, challenge, prepared),
        may_sign=actor.is_regional_developer,
        missing_scores=missing_sheets(session, due) if is_evaluated else 0,
    )


def _known(actor: Actor, response: Response, decisions: Mapping[int, Decision]) -> Decision | None:
    decision = decisions.get(response.id)
    is_shown = decision is not None and policy.can_see_decision(actor, decision, response)
    return decision if is_shown else None


@dataclass(frozen=True)
class FeedbackPage:
    """The answers to a market consultation and what the owner makes of each."""

    waiting: Sequence[tuple[Response, Decision | None]]
    """Those on which this person writes feedback now, with what is prepared."""
    others: Sequence[tuple[Response, Decision | None]]
    """All others, with the feedback that this person may know."""
    open_count: int
    """How many answers lack feedback."""
    due_count: int
    """How many answers the release tells."""
    may_release: bool


def feedback_page(session: DbSession, challenge: Challenge, actor: Actor) -> FeedbackPage:
    """Return the overview of a market consultation that takes no more answers."""
    shown = decisions_page(session, challenge, actor)
    mine = [
        policy.awaits_feedback(response) and policy.can_decide(actor, response)
        for response, _ in shown.rows
    ]
    split = list(zip(shown.rows, mine, strict=True))
    return FeedbackPage(
        waiting=[row for row, is_mine in split if is_mine],
        others=[row for row, is_mine in split if not is_mine],
        open_count=shown.open_count,
        due_count=shown.due_count,
        may_release=shown.may_decide and shown.due_count > 0 and not shown.open_count,
    )


@dataclass(frozen=True)
class ReleasePage:
    """Who will be told what."""

    told: Sequence[tuple[Response, ResponseState, Sequence[User]]]
    """Each answer with the state it gets and the people who are told."""
    summarised: Sequence[User]
    way: Way
    is_agreed: bool


def release_page(session: DbSession, challenge: Challenge) -> ReleasePage:
    """Return the consequences of releasing the decisions now.

    :raises AnswersOpen: while one answer lacks decision, reason or feedback
    :raises WaysMixed: if some answers are shortlisted and others decided for good
    :raises MoveRefused: unless the challenge is being evaluated
    """
    responses = handed_in(session, challenge.id)
    decisions = queries.decisions_by_response(session, challenge.id)
    way = require_releasable(session, challenge, responses, decisions)
    due = policy.to_decide(responses, decisions)
    is_first = challenge.state is ChallengeState.EVALUATING and challenge.mode is not Mode.ROLLING
    told = [r for r in responses if is_first and r.state is ResponseState.INELIGIBLE]
    return ReleasePage(
        told=[
            (
                response,
                _state_after(response, decisions),
                authors_people(session, response),
            )
            for response in [*due, *told]
        ],
        summarised=queries.lookers_after(session, challenge),
        way=way,
        is_agreed=is_agreed(session, challenge, [decisions[response.id] for response in due]),
    )


def _state_after(response: Response, decisions: Mapping[int, Decision]) -> ResponseState:
    decision = decisions.get(response.id)
    is_decided = decision is not None and response.state in AWAITING_DECISION
    return decision.outcome.state if decision and is_decided else response.state
