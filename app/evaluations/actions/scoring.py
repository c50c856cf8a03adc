"""Scores: each evaluator alone, locked before anybody compares; then talk, then decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import Challenge, Criterion, Mode
from app.core import journal
from app.core.errors import DomainError, Stale
from app.core.i18n import N_
from app.core.journal import TIMER
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.evaluations import emails, policy, queries
from app.evaluations.models import (
    MACHINE,
    Discussion,
    Evaluator,
    EvaluatorState,
    Score,
    ScoreSheet,
)
from app.evaluations.policy import MIN_EVALUATORS
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.responses.models import Response, ResponseState
from app.responses.queries import handed_in


class NotScorable(DomainError):
    """The answer is not being evaluated."""

    def __init__(self, state: ResponseState) -> None:
        super().__init__(
            N_("This answer is “%(state)s”. Scores are given while it is being evaluated."),
            state=state.label,
        )


class SheetLocked(DomainError):
    """The sheet is final."""

    def __init__(self) -> None:
        super().__init__(N_("You have locked these scores, so they are final."))


class SheetIncomplete(DomainError):
    """A sheet is locked whole: every criterion with points and a comment."""

    status_code = 422

    def __init__(self) -> None:
        super().__init__(N_("Give points and a comment for every criterion before you lock."))


class ScoresMissing(DomainError):
    """A decision waits until every evaluator has locked the answer's sheet."""

    def __init__(self, missing: int) -> None:
        super().__init__(
            N_("A decision can be prepared once all evaluators have scored: %(missing)s to go."),
            missing=missing,
        )


class DiscussionOwed(DomainError):
    """Evaluators are too far apart to decide without having talked."""

    def __init__(self, codes: str) -> None:
        super().__init__(
            N_(
                "The evaluators are far apart on %(criteria)s. "
                "Record their discussion before you prepare a decision."
            ),
            criteria=codes,
        )


@dataclass(frozen=True)
class Points:
    """What an evaluator gives for one criterion; ``points`` is None while undecided."""

    points: int | None
    comment: str


@dataclass(frozen=True)
class Filled:
    """A filled sheet: points by criterion id, over the version that the person saw (0: none)."""

    points: Mapping[int, Points]
    seen_version: int

    def is_complete(self, criteria: Iterable[Criterion]) -> bool:
        """Whether every criterion has points and a comment."""
        given = [self.points.get(criterion.id) for criterion in criteria]
        return all(p is not None and p.points is not None and p.comment for p in given)


def save(
    session: Session,
    evaluator: Evaluator,
    response: Response,
    filled: Filled,
    *,
    at: datetime,
) -> ScoreSheet:
    """Store an evaluator's sheet about an answer, complete or not; nobody else sees it.

    :raises NotScorable: unless the answer is being evaluated
    :raises SheetLocked: if it is final
    :raises Stale: if it was saved elsewhere meanwhile, in another window say
    """
    if response.state is not ResponseState.IN_EVALUATION:
        raise NotScorable(response.state)
    sheet = queries.sheet_by(session, evaluator, response.id)
    if sheet is not None and sheet.locked_at is not None:
        raise SheetLocked
    if filled.seen_version != (sheet.version if sheet else 0):
        raise Stale(N_("You saved these scores in another window meanwhile."))
    if sheet is None:
        sheet = ScoreSheet(evaluator_id=evaluator.id, response_id=response.id, scores=[])
        session.add(sheet)
    sheet.saved_at = at
    for criterion in response.challenge.criteria:
        points = filled.points.get(criterion.id, Points(None, ""))
        score = sheet.score_for(criterion)
        if score is None:
            score = Score(criterion_id=criterion.id)
            sheet.scores.append(score)
        score.points, score.comment = points.points, points.comment
    return sheet


def lock(
    session: Session,
    evaluator: Evaluator,
    response: Response,
    filled: Filled,
    *,
    by: Actor,
    outbox: Outbox,
) -> None:
    """Store a sheet for good: from now on others who have locked theirs see it.

    :raises SheetIncomplete: if a criterion lacks points or comment; nothing is stored
    """
    if not filled.is_complete(response.challenge.criteria):
        raise SheetIncomplete
    sheet = save(session, evaluator, response, filled, at=outbox.now)
    sheet.locked_at = outbox.now
    journal.record(session, sheet, "sheet.locked", by=by.by(), at=outbox.now)
    session.flush()  # so that the counts below include this sheet
    if not _left_to_score(session, evaluator, response.challenge_id):
        to, mover = EvaluatorState.DONE, Mover.EVALUATOR
        MACHINE.move(session, evaluator, to=to, mover=mover, by=by.by(), at=outbox.now)
        _tell_when_all_are_done(session, response, outbox)


def _left_to_score(session: Session, evaluator: Evaluator, challenge_id: int) -> int:
    locked = {
        sheet.response_id
        for sheet in queries.sheets_of(session, challenge_id)
        if sheet.evaluator_id == evaluator.id and sheet.locked_at
    }
    return sum(
        response.state is ResponseState.IN_EVALUATION and response.id not in locked
        for response in handed_in(session, challenge_id)
    )


def _tell_when_all_are_done(session: Session, response: Response, outbox: Outbox) -> None:
    challenge = response.challenge
    evaluators = queries.scoring_evaluators(session, challenge.id)
    if all(evaluator.state is EvaluatorState.DONE for evaluator in evaluators):
        for person in acting_people(session, challenge.owner_id):
            outbox.add(emails.scored(challenge, to=person, links=outbox.links))


def stop(session: Session, response: Response, *, outbox: Outbox) -> None:
    """Tell the evaluators that an answer is out; whoever has scored all others is done."""
    challenge = response.challenge
    for evaluator in queries.scoring_evaluators(session, challenge.id):
        outbox.add(emails.stopped(response, to=evaluator.user, links=outbox.links))
        is_left = _left_to_score(session, evaluator, challenge.id)
        if evaluator.state is EvaluatorState.ACTIVE and not is_left:
            to, mover = EvaluatorState.DONE, Mover.TIMER
            MACHINE.move(session, evaluator, to=to, mover=mover, by=TIMER, at=outbox.now)


def call_again(session: Session, challenge: Challenge, *, outbox: Outbox) -> None:
    """Have the evaluators score what has come into evaluation since they were done."""
    for evaluator in queries.scoring_evaluators(session, challenge.id):
        if evaluator.state is EvaluatorState.DONE:
            to, mover = EvaluatorState.ACTIVE, Mover.TIMER
            MACHINE.move(session, evaluator, to=to, mover=mover, by=TIMER, at=outbox.now)
        outbox.add(emails.begun(challenge, to=evaluator.user, links=outbox.links))


def discuss(
    session: Session, response: Response, text: str, *, by: Actor, at: datetime
) -> Discussion:
    """Record what was said about an answer on which evaluators are far apart.

    :raises DomainError: while scores are missing, or if there is nothing to discuss
    """
    _require_scores(session, response)
    if not apart(session, response):
        raise DomainError(N_("The evaluators are close together, so there is nothing to discuss."))
    discussion = queries.discussions_by_response(session, response.challenge_id).get(response.id)
    if discussion is None:
        discussion = Discussion(response_id=response.id)
        session.add(discussion)
    discussion.text = text
    discussion.recorded_at, discussion.recorded_by_name = at, by.by().name
    journal.record(session, discussion, "discussion.recorded", by=by.by(), at=at)
    return discussion


def require_evaluated(session: Session, response: Response) -> None:
    """Make sure that a decision on an answer may be prepared.

    :raises ScoresMissing: while an evaluator has not locked the answer's sheet
    :raises DiscussionOwed: if they are far apart and nobody recorded a discussion
    """
    _require_scores(session, response)
    criteria = apart(session, response)
    discussions = queries.discussions_by_response(session, response.challenge_id)
    if criteria and response.id not in discussions:
        raise DiscussionOwed(", ".join(criteria))


def apart(session: Session, response: Response) -> list[str]:
    """Return the codes of the criteria on which the evaluators of an answer are far apart.

    As long as one of them has not locked the answer's sheet, nothing is told.
    """
    if _missing(session, response):
        return []
    sheets = queries.locked_sheets_about(session, response)
    return [c.code for c in policy.far_apart(sheets, response.challenge.criteria)]


def missing_sheets(session: Session, responses: Iterable[Response]) -> int:
    """Return how many sheets are owed on some answers of one challenge, unless waived."""
    found = list(responses)
    if not found or queries.is_waived(session, found[0].challenge_id):
        return 0
    evaluators = queries.scoring_evaluators(session, found[0].challenge_id)
    sheets = queries.sheets_of(session, found[0].challenge_id)
    locked = {(s.evaluator_id, s.response_id) for s in sheets if s.locked_at is not None}
    return sum((e.id, r.id) not in locked for e in evaluators for r in found)


def _require_scores(session: Session, response: Response) -> None:
    if missing := _missing(session, response):
        raise ScoresMissing(missing)


def _missing(session: Session, response: Response) -> int:
    locked = {sheet.evaluator_id for sheet in queries.locked_sheets_about(session, response)}
    if queries.is_waived(session, response.challenge_id):
        return 0
    evaluators = queries.scoring_evaluators(session, response.challenge_id)
    missing = sum(evaluator.id not in locked for evaluator in evaluators)
    # In rounds a panel can shrink between the beginning and the decision.
    few = MIN_EVALUATORS - len(locked) if response.challenge.mode is Mode.ROLLING else 0
    return max(missing, few)
