"""When something should have happened, by the state of a challenge. Pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.challenges.models import Challenge, ChallengeState, Mode
from app.watches.models import Alarm

REVIEW_NUDGE, REVIEW_LIMIT = timedelta(days=3), timedelta(days=5)
SCREENING_NUDGE, SCREENING_LIMIT = timedelta(days=10), timedelta(days=15)
S = ChallengeState


@dataclass(frozen=True)
class Facts:
    """What else counts: who is interested or has answered, and answers left to screen."""

    interested: int = 0
    unscreened: int = 0


@dataclass(frozen=True)
class Rule:
    """One alarm: in which state, counted from when, and after how long."""

    state: ChallengeState
    since: Callable[[Challenge], datetime | None]
    after: Callable[[Challenge], timedelta | None]
    is_wanted: Callable[[Challenge, Facts], bool]


def _third_of_the_window(challenge: Challenge) -> timedelta | None:
    if challenge.opened_at is None or challenge.closes_at is None:
        return None
    return (challenge.closes_at - challenge.opened_at) / 3


def _is_unscreened(challenge: Challenge, facts: Facts) -> bool:
    return challenge.mode is not Mode.CONSULTATION and facts.unscreened > 0


def _review(after: timedelta) -> Rule:
    return Rule(S.IN_REVIEW, lambda c: c.submitted_at, lambda _c: after, lambda _c, _facts: True)


def _screening(after: timedelta) -> Rule:
    return Rule(S.CLOSED, lambda c: c.closed_at, lambda _c: after, _is_unscreened)


RULES: Mapping[Alarm, Rule] = {
    Alarm.REVIEW_NUDGED: _review(REVIEW_NUDGE),
    Alarm.REVIEW_ESCALATED: _review(REVIEW_LIMIT),
    Alarm.REACH_ADVISED: Rule(
        S.OPEN, lambda c: c.opened_at, _third_of_the_window, lambda _c, facts: not facts.interested
    ),
    Alarm.SCREENING_NUDGED: _screening(SCREENING_NUDGE),
    Alarm.SCREENING_ESCALATED: _screening(SCREENING_LIMIT),
}
ESCALATIONS = frozenset({Alarm.REVIEW_ESCALATED, Alarm.SCREENING_ESCALATED})
"""Alarms of which the region is told."""


def moment_of(alarm: Alarm, challenge: Challenge) -> datetime | None:
    """Return when an alarm is due in the present state, None if it is never."""
    rule = RULES[alarm]
    since, after = rule.since(challenge), rule.after(challenge)
    if challenge.state is not rule.state or since is None or after is None:
        return None
    return since + after
