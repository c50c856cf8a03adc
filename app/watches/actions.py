"""Alarms: noted in the journal, told to those who can act."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.queries import regional_developers
from app.challenges.actions import plan_watching
from app.challenges.models import Challenge
from app.challenges.queries import reviewers
from app.core import journal
from app.core.outbox import Outbox
from app.matches.actions.tending import curators_of, give_terms
from app.organisations.queries import acting_people
from app.watches import emails, queries
from app.watches.models import Alarm
from app.watches.policy import ESCALATIONS, RULES, moment_of


def plan_everything(session: Session, *, at: datetime) -> None:
    """Plan a look at everything that is under way; what has its timers already keeps them.

    So nothing is forgotten that began before there were timers, or came in by another way.
    """
    for challenge in queries.under_way(session):
        plan_watching(session, challenge, at=at)
        give_terms(session, challenge, at=at)


def look(session: Session, challenge: Challenge, *, outbox: Outbox) -> None:
    """Give the alarms that are due and were not given yet, and plan the next look."""
    facts = queries.facts_about(session, challenge)
    for alarm in Alarm:
        moment = moment_of(alarm, challenge)
        if moment is None:
            continue
        if moment > outbox.now:
            plan_watching(session, challenge, at=outbox.now, run_at=moment)
        elif RULES[alarm].is_wanted(challenge, facts) and _is_new(session, challenge, alarm):
            _ring(session, challenge, alarm, outbox)


def _is_new(session: Session, challenge: Challenge, alarm: Alarm) -> bool:
    since = RULES[alarm].since(challenge)
    return since is not None and not queries.has_rung(session, challenge, alarm, since=since)


def _ring(session: Session, challenge: Challenge, alarm: Alarm, outbox: Outbox) -> None:
    journal.record(session, challenge, alarm.value, by=journal.TIMER, at=outbox.now)
    for user in {user.id: user for user in _told(session, challenge, alarm)}.values():
        outbox.add(emails.alarm(user, challenge, alarm, outbox.links))


def _told(session: Session, challenge: Challenge, alarm: Alarm) -> Sequence[User]:
    if alarm in ESCALATIONS:
        return regional_developers(session)
    if alarm is Alarm.REVIEW_NUDGED:
        return reviewers(session, challenge)
    curators = curators_of(session, challenge)
    if alarm is Alarm.REACH_ADVISED:
        return [*acting_people(session, challenge.owner_id), *curators]
    return curators
