"""What is said to whom about a challenge."""

from datetime import date
from typing import Any

from app.accounts.models import User
from app.challenges import queries
from app.challenges.models import Challenge
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import About, Email
from app.core.rendering import email

_OWNS = N_("You get this because you act for the owner of the challenge.")
KINDS = (
    MessageKind(
        "challenges.received",
        label=N_("Your challenge has arrived for review"),
        why=_OWNS,
        group=MessageGroup.OWNED,
    ),
    MessageKind(
        "challenges.review_wanted",
        label=N_("A challenge is to be reviewed"),
        why=N_("You get this because you look after the challenge."),
        group=MessageGroup.CURATED,
        over=queries.review_over,
    ),
    MessageKind(
        "challenges.changes_requested",
        label=N_("Changes to your challenge are asked for"),
        why=_OWNS,
        group=MessageGroup.OWNED,
    ),
    MessageKind(
        "challenges.declined",
        label=N_("Your challenge will not be published"),
        why=_OWNS,
        group=MessageGroup.OWNED,
    ),
    MessageKind(
        "challenges.scheduled",
        label=N_("Your challenge is approved"),
        why=_OWNS,
        group=MessageGroup.OWNED,
    ),
    MessageKind(
        "challenges.opened",
        label=N_("Your challenge is open for answers"),
        why=_OWNS,
        group=MessageGroup.OWNED,
        frequency=Frequency.DAILY,
    ),
)
"""What is told here, and why."""


def received(user: User, challenge: Challenge, links: Links, *, due: date) -> Email:
    """Tell the owner that the challenge arrived and by when it is reviewed."""
    subject = N_("We have received “%(title)s”")
    return _about(challenge, user, "received", subject, link=_page(links, challenge), due=due)


def review_wanted(user: User, challenge: Challenge, links: Links, *, due: date) -> Email:
    """Ask a moderator for a review."""
    subject = N_("Please review “%(title)s”")
    link = _page(links, challenge, "/review")
    return _about(challenge, user, "review_wanted", subject, link=link, due=due)


def changes_requested(user: User, challenge: Challenge, links: Links, *, reason: str) -> Email:
    """Tell the owner what to change."""
    subject = N_("Please change “%(title)s” before it can be published")
    link = _page(links, challenge, "/edit")
    return _about(challenge, user, "changes_requested", subject, link=link, reason=reason)


def declined(user: User, challenge: Challenge, links: Links, *, reason: str) -> Email:
    """Tell the owner that the challenge will not be published, and why."""
    subject = N_("“%(title)s” will not be published")
    link = _page(links, challenge)
    return _about(challenge, user, "declined", subject, link=link, reason=reason)


def scheduled(user: User, challenge: Challenge, links: Links) -> Email:
    """Tell the owner that the challenge is approved and when it opens."""
    subject = N_("“%(title)s” is approved")
    return _about(challenge, user, "scheduled", subject, link=_page(links, challenge))


def opened(user: User, challenge: Challenge, links: Links) -> Email:
    """Tell the owner that the challenge is open for answers."""
    subject = N_("“%(title)s” is open for answers")
    return _about(challenge, user, "opened", subject, link=_page(links, challenge))


def about(challenge: Challenge, **ids: Any) -> About:
    """Return what a message about a challenge stands under, with further rows behind it."""
    return About(challenge.title, challenge.lang, {"challenge_id": challenge.id, **ids})


def _page(links: Links, challenge: Challenge, part: str = "") -> str:
    return links.to(f"/challenges/{challenge.id}{part}")


def _about(challenge: Challenge, user: User, message: str, subject: str, **context: Any) -> Email:
    return email(
        f"challenges.{message}",
        to=user.email,
        locale=user.locale,
        subject=subject,
        subject_words={"title": challenge.title},
        about=about(challenge),
        challenge=challenge,
        name=user.name,
        is_region=user.is_regional_developer,
        **context,
    )
