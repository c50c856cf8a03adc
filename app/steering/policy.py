"""Who may change the course of a published challenge, when, and what stands in the way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.challenges.models import MACHINE, Challenge, ChallengeState, Ending, Mode, start_of
from app.challenges.policy import acts_for_owner, is_curator, is_owner_side
from app.core.i18n import N_, gettext
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover
from app.organisations.policy import Actor

LAST_STRETCH = timedelta(hours=48)
"""In it only the region moves a deadline: whoever knows who is late must not help them."""


REMINDERS = (timedelta(days=-7), timedelta(), timedelta(days=7))
"""When the owner is reminded of a promised decision, counted from its day."""
AWAITING_DECISION = frozenset(
    {ChallengeState.CLOSED, ChallengeState.EVALUATING, ChallengeState.SHORTLISTED}
)


def reminder_at(promised: date, step: int) -> datetime:
    """Return the moment of one of the reminders: the beginning of its day."""
    return start_of(promised + REMINDERS[step])


def next_reminder(promised: date, now: datetime, *, after: int = -1) -> int | None:
    """Return the next reminder that is not past already, or None after the last.

    :param after: the reminder sent last
    """
    steps = range(after + 1, len(REMINDERS))
    return next((step for step in steps if reminder_at(promised, step) > now), None)


class Act(LabelledEnum):
    """A change of course."""

    OPEN = "open", N_("Open it for answers now")
    EXTEND = "extend", N_("Extend the deadline")
    CLOSE = "close", N_("Close it for answers now")
    REOPEN = "reopen", N_("Reopen it for answers")
    COMPLETE = "complete", N_("Complete it")
    CANCEL = "cancel", N_("Cancel the challenge")
    ARCHIVE = "archive", N_("Put it into the archive")


S = ChallengeState
ARROWS: Mapping[Act, tuple[frozenset[S], S]] = {
    Act.OPEN: (frozenset({S.SCHEDULED}), S.OPEN),
    Act.CLOSE: (frozenset({S.OPEN}), S.CLOSED),
    Act.REOPEN: (frozenset({S.CLOSED}), S.OPEN),
    Act.COMPLETE: (frozenset({S.CLOSED, S.DECIDED}), S.COMPLETED),
    Act.CANCEL: (frozenset(S), S.CANCELLED),
    Act.ARCHIVE: (frozenset(S), S.ARCHIVED),
}
"""Which of the machine's arrows an act follows; a pilot is completed with its results."""
ENDINGS: Mapping[S, frozenset[Ending]] = {
    S.CLOSED: frozenset({Ending.CONSULTED}),
    S.DECIDED: frozenset(Ending) - {Ending.CONSULTED},
}
"""What may have become of a challenge, by the state from which it is completed."""


@dataclass(frozen=True)
class Facts:
    """What else counts: the moment, drafts under way, answers still owed a word, answers read.

    ``unanswered`` names the organisations whose answers lack a decision, or feedback.
    """

    now: datetime
    drafts: int = 0
    unanswered: Sequence[str] = ()
    is_read: bool = False


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way of an act: a catalogue entry, and the words that it names.

    ``page`` is the end of the address, below the challenge, where it can be cleared away.
    """

    message: str
    words: Mapping[str, str] = field(default_factory=dict)
    page: str = ""

    @property
    def text(self) -> str:
        """It in the reader's language."""
        return gettext(self.message) % self.words if self.words else gettext(self.message)


def movers(actor: Actor, challenge: Challenge) -> Iterable[Mover]:
    """Return the roles in which they may change the course, the owner's first."""
    if acts_for_owner(actor, challenge):
        yield Mover.OWNER
    if actor.is_regional_developer:
        yield Mover.REGION


def may_look(actor: Actor, challenge: Challenge) -> bool:
    """Whether they see how the challenge is steered."""
    return is_owner_side(actor, challenge) or is_curator(actor, challenge)


def is_possible(act: Act, state: ChallengeState, mover: Mover) -> bool:
    """Whether this role can do this in this state, other things being right."""
    if act is Act.EXTEND:
        return MACHINE.permits(state, "extended", mover)
    sources, target = ARROWS[act]
    return state in sources and MACHINE.allows(state, target, mover)


def obstacle(act: Act, challenge: Challenge, mover: Mover, facts: Facts) -> Obstacle | None:
    """Return what stands in the way of a possible act."""
    check = _CHECKS.get(act)
    return check(challenge, mover, facts) if check else None


def _extending(challenge: Challenge, mover: Mover, facts: Facts) -> Obstacle | None:
    if challenge.closes_at is None:
        return Obstacle(N_("It has no deadline that could be extended."))
    left = challenge.closes_at - facts.now
    if left <= timedelta():
        return Obstacle(N_("The deadline has passed. Only the region can reopen it."))
    if mover is Mover.OWNER and left < LAST_STRETCH:
        return Obstacle(N_("In the last 48 hours only the regional developers extend a deadline."))
    return None


def _closing(challenge: Challenge, _mover: Mover, facts: Facts) -> Obstacle | None:
    if challenge.mode is not Mode.ROLLING and facts.drafts:
        return Obstacle(N_("Somebody is writing an answer and counts on the deadline."))
    return None


def _reopening(_challenge: Challenge, _mover: Mover, facts: Facts) -> Obstacle | None:
    return Obstacle(N_("Somebody has read an answer already.")) if facts.is_read else None


def _completing(challenge: Challenge, _mover: Mover, facts: Facts) -> Obstacle | None:
    is_consultation = challenge.mode is Mode.CONSULTATION
    if challenge.state is S.CLOSED and not is_consultation:
        return Obstacle(N_("The answers wait for an evaluation."), page="/screening")
    if not facts.unanswered:
        return None
    names = {"names": ", ".join(facts.unanswered)}
    if is_consultation:
        return Obstacle(
            N_("The answers of these organisations wait for your feedback: %(names)s."),
            names,
            "/feedback",
        )
    return Obstacle(N_("These answers have no decision yet: %(names)s."), names, "/decisions")


_CHECKS: Mapping[Act, Callable[[Challenge, Mover, Facts], Obstacle | None]] = {
    Act.EXTEND: _extending,
    Act.CLOSE: _closing,
    Act.REOPEN: _reopening,
    Act.COMPLETE: _completing,
}
