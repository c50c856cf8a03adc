"""Every change of opportunities: asking for them, and writing down what was found."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core import jobs
from app.core.jobs import Job
from app.opportunities.models import (
    CHECK_WANTED,
    FEED_WANTED,
    Feed,
    FitCheck,
    Opportunity,
)
from app.opportunities.policy import check_key, feed_key
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.progress.actions import Wanted, wait_for
from app.progress.models import WorkKind


def ask_for_feed(session: Session, organisation: Organisation, *, by: Actor, at: datetime) -> None:
    """Have a feed made anew for somebody who waits for it."""
    job = request_feed(session, organisation.id, at=at)
    path = f"/organisations/{organisation.slug}/needs"
    wait_for(session, job, Wanted(WorkKind.NEEDS, organisation.name, path), by=by, at=at)


def request_feed(
    session: Session, organisation_id: int, *, at: datetime, pause: timedelta = timedelta()
) -> Job:
    """Ask the worker for an organisation's feed; one waiting job is enough, and the earlier one.

    :param pause: until it is made, unless somebody asks for it sooner
    """
    payload, key = {"organisation_id": organisation_id}, feed_key(organisation_id)
    return jobs.wake(session, FEED_WANTED, payload, at=at, run_at=at + pause, dedupe_key=key)


def request_check(
    session: Session, challenge: Challenge, organisation: Organisation, *, at: datetime
) -> None:
    """Ask the worker how an organisation stands on the list of a challenge."""
    payload = {"organisation_id": organisation.id, "challenge_id": challenge.id}
    key = check_key(organisation.id, challenge.id)
    jobs.enqueue(session, CHECK_WANTED, payload, at=at, dedupe_key=key)


def record_feed(session: Session, feed: Feed, opportunities: Sequence[Opportunity]) -> None:
    """Put what was found now in the place of what was found before."""
    session.execute(delete(Opportunity).where(Opportunity.organisation_id == feed.organisation_id))
    session.merge(feed)
    session.add_all(opportunities)


def record_check(session: Session, check: FitCheck) -> None:
    """Put a check in the place of the one before."""
    session.execute(
        delete(FitCheck).where(
            FitCheck.organisation_id == check.organisation_id,
            FitCheck.challenge_id == check.challenge_id,
        )
    )
    session.add(check)
