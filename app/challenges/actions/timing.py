"""What happens later by itself: jobs that open, close, screen and archive."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import (
    ANSWERS_CLOSED,
    ARCHIVING,
    CLOSING,
    KEPT_FOR,
    OPENING,
    PANEL_CALLED,
    SHEETS_OVER,
    WATCHING,
    Challenge,
    start_of,
)
from app.core import jobs


def enqueue_opening(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Have the challenge opened at the first moment of its day."""
    run_at = start_of(challenge.opens_on) if challenge.opens_on else at
    _enqueue(session, OPENING, challenge, at=at, run_at=run_at)


def enqueue_closing(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Have the challenge closed at its deadline; one without deadline stays open."""
    if challenge.closes_at is not None:
        _enqueue(session, CLOSING, challenge, at=at, run_at=challenge.closes_at)


def enqueue_aftermath(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Have done what follows the close of a challenge, such as the screening of its answers."""
    _enqueue(session, ANSWERS_CLOSED, challenge, at=at, run_at=at)
    enqueue_panel(session, challenge, at=at)


def enqueue_panel(
    session: Session, challenge: Challenge, *, at: datetime, run_at: datetime | None = None
) -> None:
    """Have the evaluators asked to declare: at the close, or as a rolling challenge opens.

    Then also about what comes in later.
    """
    _enqueue(session, PANEL_CALLED, challenge, at=at, run_at=run_at or at)


def enqueue_sheets_over(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Have pilot sheets ended that cannot begin any more: the challenge or an answer is out."""
    _enqueue(session, SHEETS_OVER, challenge, at=at, run_at=at)


def enqueue_archiving(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Have an ended challenge archived after a year."""
    _enqueue(session, ARCHIVING, challenge, at=at, run_at=at + KEPT_FOR)


def plan_watching(
    session: Session, challenge: Challenge, *, at: datetime, run_at: datetime | None = None
) -> None:
    """Have somebody told if what comes next is late; the look itself plans the one after it."""
    payload, key = {"challenge_id": challenge.id}, f"{WATCHING}:{challenge.id}"
    jobs.wake(session, WATCHING, payload, at=at, run_at=run_at or at, dedupe_key=key)


def _enqueue(
    session: Session, kind: str, challenge: Challenge, *, at: datetime, run_at: datetime
) -> None:
    payload, key = {"challenge_id": challenge.id}, f"{kind}:{challenge.id}"
    jobs.enqueue(session, kind, payload, at=at, run_at=run_at, dedupe_key=key)
