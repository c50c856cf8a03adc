"""Every change of opportunities: asking for them, and writing down what was found."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core import jobs
from app.opportunities.models import (
    CHECK_WANTED,
    FEED_WANTED,
    Feed,
    FitCheck,
    Opportunity,
)
from app.opportunities.policy import check_key, feed_key
from app.organisations.models import Organisation


def request_feed(session: Session, organisation_id: int, *, at: datetime) -> None:
    """Ask the worker for an organisation's feed; one waiting job is enough."""
    payload = {"organisation_id": organisation_id}
    jobs.enqueue(session, FEED_WANTED, payload, at=at, dedupe_key=feed_key(organisation_id))


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
