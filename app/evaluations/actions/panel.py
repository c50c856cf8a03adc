"""The panel: proposed, declared, recused, dismissed, and what it takes to begin."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from app.accounts.queries import user_by_email
from app.challenges.models import Challenge, Criterion, Section
from app.challenges.policy import usual_criteria
from app.core import journal
from app.core.errors import DomainError, Forbidden, WrongEntry
from app.core.i18n import N_
from app.core.journal import TIMER, By
from app.core.outbox import Outbox
from app.core.state_machine import Mover, MoveRefused
from app.evaluations import emails, policy, queries
from app.evaluations.models import (
    MACHINE,
    SCORING_STATES,
    TIE_KINDS,
    Conflict,
    Evaluator,
    EvaluatorState,
    Tie,
)
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.responses.models import ReadingBar, Response, ResponseState
from app.responses.policy import ANSWERS_READ, is_read, is_unsealed
from app.responses.queries import handed_in, reading_bar


class Conflicted(DomainError):
    """A conflict of interest is known already; only its sort is told."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(
            N_("This person cannot evaluate here. Conflict of interest: %(conflict)s."),
            conflict=conflict.label,
        )


class PanelIncomplete(DomainError):
    """Too few evaluators, or some who have not declared."""


def propose(
    session: Session,
    challenge: Challenge,
    email: str,
    *,
    by: Actor,
    outbox: Outbox,
) -> Evaluator:
    """Ask the person with this address to evaluate; until they declare, answers are closed to them.

    As long as answers are sealed, nothing is looked for: a refusal would tell who has answered.

    :raises Forbidden: unless they act for the owner or look after the challenge
    :raises DomainError: after the decisions, or without an account
    :raises Conflicted: if a conflict with one of the answers is known already
    """
    who = _acting_as(by, challenge)
    if challenge.state not in policy.PANEL_STATES:
        raise DomainError(N_("Evaluators are proposed until the decisions are released."))
    user = user_by_email(session, email)
    if user is None:
        raise WrongEntry(N_("Nobody with this address has an account. Ask them to sign up."))
    if queries.evaluator_for(session, challenge.id, user.id):
        raise DomainError(N_("This person was asked to evaluate this challenge already."))
    if is_unsealed(challenge, now=outbox.now):
        for conflicts in queries.conflicts_of(session, user, challenge, now=outbox.now).values():
            raise Conflicted(conflicts[0])
    evaluator = Evaluator(
        challenge_id=challenge.id,
        user=user,
        proposed_at=outbox.now,
        proposed_by_name=who.name,
    )
    session.add(evaluator)
    bar = ReadingBar(challenge_id=challenge.id, user_id=user.id, created_at=outbox.now)
    session.add(bar)
    journal.record(session, evaluator, "evaluator.proposed", by=who, at=outbox.now)
    ask = emails.proposed if is_unsealed(challenge, now=outbox.now) else emails.announced
    outbox.add(ask(challenge, to=user, links=outbox.links))
    return evaluator


def call(session: Session, challenge: Challenge, *, outbox: Outbox) -> None:
    """Ask everybody to declare who has not, or not on what was let in since they did."""
    entering = _entering(session, challenge)
    for evaluator in queries.evaluators_of(session, challenge.id):
        if evaluator.state is EvaluatorState.PROPOSED:
            outbox.add(emails.proposed(challenge, to=evaluator.user, links=outbox.links))
        elif _is_behind(evaluator, entering):
            outbox.add(emails.behind(challenge, to=evaluator.user, links=outbox.links))


def _entering(session: Session, challenge: Challenge) -> Sequence[Response]:
    responses = handed_in(session, challenge.id)
    return [response for response in responses if response.state is ResponseState.ELIGIBLE]


def _is_behind(evaluator: Evaluator, entering: Sequence[Response]) -> bool:
    return evaluator.state in SCORING_STATES and any(
        policy.is_since(evaluator, response) for response in entering
    )


def declare(
    session: Session,
    challenge: Challenge,
    evaluator: Evaluator,
    declared: Mapping[int, Conflict],
    *,
    by: Actor,
    outbox: Outbox,
) -> None:
    """Take an evaluator's declaration: without any conflict they may read and score.

    A later one is about the answers that came in since the one before.

    :param declared: sort of conflict by response id; answers without one are left out
    :raises DomainError: while answers are sealed
    :raises MoveRefused: if they declared before, and no answer has come in since
    """
    at = outbox.now
    if not is_unsealed(challenge, now=at):
        raise DomainError(N_("You declare once it is known who has answered."))
    to, is_again = EvaluatorState.ACTIVE, evaluator.state in SCORING_STATES
    if is_again and not queries.undeclared(session, challenge, evaluator):
        raise MoveRefused(evaluator.state, to, journal.last_event(session, evaluator))
    computed = queries.conflicts_of(session, evaluator.user, challenge, now=at)
    found = [*declared.values(), *(kinds[0] for kinds in computed.values())]
    who = by.by()
    evaluator.declared_at = at
    if found:
        mover = Mover.EVALUATOR if declared else Mover.TIMER
        _recuse(session, evaluator, found[0], mover=mover, by=who if declared else TIMER, at=at)
        _keep_ties(session, challenge, evaluator, declared, at=at)
    elif is_again:
        MACHINE.act(session, evaluator, "declared", mover=Mover.EVALUATOR, by=who, at=at)
    else:
        _admit(session, challenge, evaluator, by=who, at=at)
    for person in acting_people(session, challenge.owner_id):
        outbox.add(emails.declared(challenge, evaluator, to=person, links=outbox.links))


def _admit(
    session: Session, challenge: Challenge, evaluator: Evaluator, *, by: By, at: datetime
) -> None:
    """Open the answers to an evaluator without conflicts."""
    MACHINE.move(session, evaluator, to=EvaluatorState.ACTIVE, mover=Mover.EVALUATOR, by=by, at=at)
    if bar := reading_bar(session, challenge.id, evaluator.user_id):
        session.delete(bar)
    if not is_read(journal.history(session, challenge)):  # from now on, it may be
        journal.record(session, challenge, ANSWERS_READ, by=by, at=at)


def _keep_ties(
    session: Session,
    challenge: Challenge,
    evaluator: Evaluator,
    declared: Mapping[int, Conflict],
    *,
    at: datetime,
) -> None:
    for response in handed_in(session, challenge.id):
        kind = declared.get(response.id)
        if kind in TIE_KINDS:
            tie = Tie(
                user_id=evaluator.user_id,
                organisation_id=response.organisation_id,
                kind=kind,
                noted_at=at,
                noted_by_name=evaluator.user.name,
            )
            session.add(tie)


def dismiss(
    session: Session, challenge: Challenge, evaluator: Evaluator, *, by: Actor, at: datetime
) -> None:
    """Take somebody out of the panel; what they scored counts no longer.

    :raises Forbidden: unless they act for the owner or look after the challenge
    :raises MoveRefused: if they are out already, or done
    """
    who, mover = _acting_as(by, challenge), policy.panel_mover(by, challenge)
    assert mover is not None  # noqa: S101 -- _acting_as has refused everybody else
    _recuse(session, evaluator, Conflict.DISMISSED, mover=mover, by=who, at=at)


def settle_conflicts(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Recuse every evaluator for whom a conflict has come up; their scores count no longer."""
    evaluators = queries.scoring_evaluators(session, challenge.id)
    if not evaluators:
        return
    parties = queries.parties_of(session, handed_in(session, challenge.id))
    for evaluator in evaluators:
        found = queries.conflicts_of(session, evaluator.user, challenge, now=at, parties=parties)
        for kinds in found.values():
            _recuse(session, evaluator, kinds[0], mover=Mover.TIMER, by=TIMER, at=at)
            break


def take_usual_criteria(session: Session, challenge: Challenge, *, by: Actor, at: datetime) -> None:
    """Give a challenge that was published without criteria the usual ones.

    :raises Forbidden: unless they act for the owner or look after the challenge
    :raises DomainError: if it has criteria, or is decided
    """
    who = _acting_as(by, challenge)
    if challenge.criteria or challenge.state not in policy.PANEL_STATES:
        raise DomainError(N_("The criteria of this challenge cannot be changed any more."))
    challenge.criteria = [
        Criterion(position=position, name=name, weight=weight)
        for position, (name, weight) in enumerate(usual_criteria(challenge.lang), start=1)
    ]
    details = {"section": Section.CRITERIA.value}
    journal.record(session, challenge, "challenge.revised", by=who, at=at, details=details)


def _recuse(
    session: Session,
    evaluator: Evaluator,
    conflict: Conflict,
    *,
    mover: Mover,
    by: By,
    at: datetime,
) -> None:
    to, reason = EvaluatorState.RECUSED, conflict.words
    MACHINE.move(session, evaluator, to=to, mover=mover, by=by, at=at, reason=reason)
    evaluator.recusal = conflict
    if reading_bar(session, evaluator.challenge_id, evaluator.user_id) is None:
        bar = ReadingBar(
            challenge_id=evaluator.challenge_id, user_id=evaluator.user_id, created_at=at
        )
        session.add(bar)


def _acting_as(actor: Actor, challenge: Challenge) -> By:
    mover = policy.panel_mover(actor, challenge)
    if mover is None:
        raise Forbidden(N_("Only the owner and the cluster manager set up the panel."))
    if mover is Mover.OWNER:
        return actor.by(challenge.owner)
    is_cluster = actor.acts_for(challenge.curating_cluster_id)
    return actor.by(challenge.curating_cluster if is_cluster else None)


def require_panel(
    session: Session,
    challenge: Challenge,
    eligible: Sequence[Response],
    *,
    at: datetime,
    parties: Mapping[int, policy.Party] | None = None,
) -> Sequence[Evaluator]:
    """Return who evaluates, once there are enough of them and each has declared.

    :param eligible: the answers to evaluate; without any, no panel is needed
    :param parties: who stands behind the answers, where that is known
    :raises PanelIncomplete: while too few have no conflict, or one has not declared on all
    """
    evaluators = queries.evaluators_of(session, challenge.id)
    if any(e.state is EvaluatorState.PROPOSED for e in evaluators):
        raise PanelIncomplete(N_("The evaluation can start once every evaluator has declared."))
    if behind := [e.user.name for e in evaluators if _is_behind(e, eligible)]:
        raise PanelIncomplete(
            N_(
                "Answers have come in since these evaluators declared, so they declare once more "
                "first: %(names)s. They are asked by e-mail."
            ),
            names=", ".join(behind),
        )
    if parties is None:
        parties = queries.parties_of(session, handed_in(session, challenge.id))
    scoring = [each for each in evaluators if each.state in SCORING_STATES]
    asked = partial(queries.conflicts_of, session, now=at, parties=parties)
    free = [each for each in scoring if not asked(each.user, challenge)]
    if eligible and not challenge.criteria:
        raise PanelIncomplete(N_("The evaluation takes criteria, and this challenge has none."))
    if eligible and len(free) < policy.MIN_EVALUATORS:
        raise PanelIncomplete(
            N_("The evaluation takes at least %(count)s evaluators without conflict of interest."),
            count=policy.MIN_EVALUATORS,
        )
    return free
