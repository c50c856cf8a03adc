"""How long what is kept; `docs/retention.md` is the page about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.core.settings import Settings

AT_ONCE = timedelta()
"""With the next night."""
LINKS = timedelta(days=7)
"""E-mails that hold a link into an account, which is dead long before."""
RESETS = timedelta(days=1)
"""Jobs that hold an address as somebody typed it."""
ENDED_TOKENS = timedelta(days=90)
"""Personal tokens that ran out, so that their person sees which program stopped."""
UNCONFIRMED = timedelta(days=30)
"""Accounts that nobody ever opened."""
INVITATIONS = timedelta(days=180)
"""Invitations into an organisation that nobody took up."""
DRAFT_UPLOADS = timedelta(days=30)
"""Uploaded tables that were looked at and not imported."""
DIGEST_MARKS = timedelta(days=60)
"""Notes that an address got its digest of a day."""

Span = Callable[[Settings], timedelta]


def for_(span: timedelta) -> Span:
    """Return a span that no setting changes."""
    return lambda _settings: span


def jobs_kept(settings: Settings) -> timedelta:
    """Return how long work that is done stays to be looked at."""
    return timedelta(days=settings.keep_jobs_days)


def messages_kept(settings: Settings) -> timedelta:
    """Return how long messages stay in inboxes and on the administrators' page."""
    return timedelta(days=settings.keep_messages_days)


def names_kept(settings: Settings) -> timedelta:
    """Return how long it is said who did what, after a challenge was archived."""
    return timedelta(days=settings.journal_names_days)


@dataclass(frozen=True)
class Rule:
    """One line of the page: its name there, and how long."""

    name: str
    span: Span
