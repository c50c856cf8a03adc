"""What those are told who can act on an alarm."""

from collections.abc import Mapping
from functools import partial

from app.accounts.models import User
from app.challenges.emails import about
from app.challenges.models import Challenge, ChallengeState
from app.challenges.queries import answers_over, review_over
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.watches import queries
from app.watches.models import Alarm

_LOOKS_AFTER = N_("You get this because you look after the challenge.")
KINDS = (
    MessageKind(
        "watches.review",
        label=N_("A challenge waits for its review"),
        why=_LOOKS_AFTER,
        group=MessageGroup.CURATED,
        over=review_over,
    ),
    MessageKind(
        "watches.reach",
        label=N_("Nobody is interested in a challenge yet"),
        why=N_("You get this because you act for the owner of the challenge or look after it."),
        group=MessageGroup.OWNED,
        over=answers_over,
    ),
    MessageKind(
        "watches.screening",
        label=N_("Answers wait for their screening"),
        why=_LOOKS_AFTER,
        group=MessageGroup.CURATED,
        over=partial(queries.moved_on, ChallengeState.CLOSED),
    ),
)
"""What is told here, and why."""

_MESSAGES: Mapping[Alarm, tuple[str, str, str]] = {
    Alarm.REVIEW_NUDGED: ("review", N_("“%(title)s” waits for your review"), "/review"),
    Alarm.REVIEW_ESCALATED: ("review", N_("Late: the review of “%(title)s”"), "/review"),
    Alarm.REACH_ADVISED: ("reach", N_("Nobody is interested in “%(title)s” yet"), ""),
    Alarm.SCREENING_NUDGED: (
        "screening",
        N_("Answers to “%(title)s” wait for their screening"),
        "/screening",
    ),
    Alarm.SCREENING_ESCALATED: (
        "screening",
        N_("Late: the screening of answers to “%(title)s”"),
        "/screening",
    ),
}


def alarm(user: User, challenge: Challenge, alarm: Alarm, links: Links) -> Email:
    """Tell somebody what should have happened by now, and where to do it."""
    message, subject, page = _MESSAGES[alarm]
    return email(
        f"watches.{message}",
        to=user.email,
        locale=user.locale,
        subject=subject,
        subject_words={"title": challenge.title},
        about=about(challenge),
        name=user.name,
        challenge=challenge,
        is_late=alarm in {Alarm.REVIEW_ESCALATED, Alarm.SCREENING_ESCALATED},
        link=links.to(f"/challenges/{challenge.id}{page}"),
        links=links,
    )
