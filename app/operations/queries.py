"""Every SELECT about how the installation is doing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.core import heartbeats
from app.core.jobs import UNFINISHED, Job, JobState
from app.core.journal_check import last_checks
from app.core.migrations import present_revision
from app.core.outbox import Mail, MailState
from app.organisations.models import ORGANISATION_VERIFIED
from app.profiles.models import PROFILE_CHANGED


@dataclass(frozen=True)
class Waiting:
    """How much waits in the background, and for how long the oldest of it is due."""

    count: int
    longest: timedelta


@dataclass(frozen=True)
class Facts:
    """What a database says about its installation."""

    revision: str | None
    beats: Mapping[str, datetime]
    leased_kinds: frozenset[str]
    """Kinds of jobs in hand: whoever does them may be too busy for a sign of life."""
    learning: Waiting
    """Profiles that the index does not know yet."""


LEARNING_KINDS = (ORGANISATION_VERIFIED, PROFILE_CHANGED)
"""Jobs that bring a profile into the index."""


def facts(session: Session, *, now: datetime) -> Facts:
    """Return what readiness is judged by."""
    in_hand = select(Job.kind).where(Job.state == JobState.DOING, Job.lease_until > now)
    return Facts(
        revision=present_revision(session.connection()),
        beats=heartbeats.beats(session),
        leased_kinds=frozenset(session.scalars(in_hand)),
        learning=waiting(session, Job.kind.in_(LEARNING_KINDS), now=now),
    )


def waiting(session: Session, *where: ColumnElement[bool], now: datetime) -> Waiting:
    """Return what is due and not done."""
    statement = select(func.count(Job.id), func.min(Job.run_at)).where(
        Job.state.in_(UNFINISHED), Job.run_at <= now, *where
    )
    count, oldest = session.execute(statement).one()
    return Waiting(count, now - oldest if count else timedelta())


def mail_counts(session: Session) -> dict[MailState, int]:
    """Return how many e-mails are in each state."""
    found = session.execute(select(Mail.state, func.count(Mail.id)).group_by(Mail.state))
    return dict.fromkeys(MailState, 0) | {state: count for state, count in found}  # noqa: C416 -- dict() of rows has no type


def is_journal_whole(session: Session) -> bool | None:
    """Return what the last check of the journal found, None before the first."""
    checks = last_checks(session, limit=1)
    return checks[0].verdict.is_whole if checks else None
