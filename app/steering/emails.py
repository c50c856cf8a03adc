"""What everybody concerned is told when a challenge takes another course."""

from datetime import datetime
from typing import Any

from app.accounts.models import User
from app.challenges.emails import about
from app.challenges.models import Challenge, Mode
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.dialogue.policy import Listener
from app.steering import queries

_LISTENS = N_("You get this because you follow the challenge or your organisation answers it.")
KINDS = (
    MessageKind(
        "steering.extended",
        label=N_("There is more time for a challenge"),
        why=_LISTENS,
        group=MessageGroup.FOLLOWED,
    ),
    MessageKind(
        "steering.closed",
        label=N_("A challenge is closed for answers"),
        why=_LISTENS,
        group=MessageGroup.FOLLOWED,
    ),
    MessageKind(
        "steering.reopened",
        label=N_("A challenge takes answers again"),
        why=_LISTENS,
        group=MessageGroup.FOLLOWED,
    ),
    MessageKind(
        "steering.cancelled",
        label=N_("A challenge is cancelled"),
        why=_LISTENS,
        group=MessageGroup.FOLLOWED,
    ),
    MessageKind(
        "steering.completed",
        label=N_("What became of a challenge"),
        why=_LISTENS,
        group=MessageGroup.FOLLOWED,
        frequency=Frequency.DAILY,
    ),
    MessageKind(
        "steering.promise",
        label=N_("The day of a promised decision"),
        why=N_("You get this because you act for the owner of the challenge or look after it."),
        group=MessageGroup.OWNED,
        over=queries.promise_over,
    ),
    MessageKind(
        "steering.closed_for_owner",
        label=N_("The answers to your challenge can be read"),
        why=N_("You get this because you act for the owner of the challenge."),
        group=MessageGroup.OWNED,
    ),
    MessageKind(
        "steering.closed_for_curator",
        label=N_("Answers are to be screened"),
        why=N_("You get this because you look after the challenge."),
        group=MessageGroup.CURATED,
    ),
)
"""What is told here, and why."""


def extended(
    listener: Listener, challenge: Challenge, links: Links, *, before: datetime, reason: str
) -> Email:
    """Tell of a later deadline, with the earlier one and the public reason."""
    subject = N_("More time for “%(title)s”")
    return _about(challenge, listener, "extended", subject, links, before=before, reason=reason)


def closed(listener: Listener, challenge: Challenge, links: Links, *, reason: str) -> Email:
    """Tell responders that answers are closed, what became of theirs, and what comes next."""
    subject = N_("“%(title)s” is closed for answers")
    return _about(challenge, listener, "closed", subject, links, reason=reason)


def reopened(listener: Listener, challenge: Challenge, links: Links, *, reason: str) -> Email:
    """Tell that answers count again, until when and why."""
    subject = N_("“%(title)s” takes answers again")
    return _about(challenge, listener, "reopened", subject, links, reason=reason)


def cancelled(listener: Listener, challenge: Challenge, links: Links, *, reason: str) -> Email:
    """Tell that the challenge ends here, with its public reason."""
    subject = N_("“%(title)s” is cancelled")
    return _about(challenge, listener, "cancelled", subject, links, reason=reason)


def completed(listener: Listener, challenge: Challenge, links: Links, *, reason: str) -> Email:
    """Tell what became of the challenge."""
    subject = N_("What became of “%(title)s”")
    return _about(challenge, listener, "completed", subject, links, reason=reason)


def promise(listener: Listener, challenge: Challenge, links: Links, *, step: int) -> Email:
    """Remind of the promised decision, or feedback: a week before, on its day, a week after."""
    subjects = (
        N_("In a week you decide on “%(title)s”"),
        N_("Today you decide on “%(title)s”"),
        N_("The decision on “%(title)s” is late"),
    )
    if challenge.mode is Mode.CONSULTATION:
        subjects = (
            N_("In a week your feedback is due: “%(title)s”"),
            N_("Today your feedback is due: “%(title)s”"),
            N_("The feedback is late: “%(title)s”"),
        )
    return _about(challenge, listener, "promise", subjects[step], links, step=step)


def closed_for_owner(user: User, challenge: Challenge, links: Links) -> Email:
    """Tell the owner that the answers can be read now."""
    link = links.to(f"/challenges/{challenge.id}/responses")
    return _unsealed(user, challenge, "closed_for_owner", link)


def closed_for_curator(user: User, challenge: Challenge, links: Links) -> Email:
    """Tell the curators that the answers can be read, which they screen unless it was only asked
    what there is.
    """
    page = "responses" if challenge.mode is Mode.CONSULTATION else "screening"
    link = links.to(f"/challenges/{challenge.id}/{page}")
    return _unsealed(user, challenge, "closed_for_curator", link)


def _unsealed(user: User, challenge: Challenge, message: str, link: str) -> Email:
    return email(
        f"steering.{message}",
        to=user.email,
        locale=user.locale,
        subject=N_("“%(title)s” is closed: the answers can be read now"),
        subject_words={"title": challenge.title},
        about=about(challenge),
        challenge=challenge,
        name=user.name,
        is_region=user.is_regional_developer,
        link=link,
    )


def _about(
    challenge: Challenge,
    listener: Listener,
    message: str,
    subject: str,
    links: Links,
    **context: Any,
) -> Email:
    user = listener.user
    return email(
        f"steering.{message}",
        to=user.email,
        locale=user.locale,
        subject=subject,
        subject_words={"title": challenge.title},
        about=about(challenge),
        challenge=challenge,
        name=user.name,
        tie=listener.tie,
        link=links.to(f"/challenges/{challenge.id}"),
        **context,
    )
