"""The moderators' pages: the queue and the review of one challenge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.challenges import policy, queries
from app.challenges.coach import Hint, hints
from app.challenges.models import Challenge, ChallengeState, Section, start_of
from app.challenges.pages.drafting import local_day
from app.core import journal
from app.core.database import DbSession
from app.core.journal import Event
from app.organisations.policy import Actor


@dataclass(frozen=True)
class Waiting:
    """A challenge in the queue."""

    challenge: Challenge
    days: int
    due: date
    is_late: bool


@dataclass(frozen=True)
class Review:
    """What a moderator needs beside the text."""

    is_waiting: bool
    opens_at_once: bool
    is_too_late: bool
    can_decline: bool
    due: date | None
    history: Sequence[Event]
    hints: Sequence[Hint]
    changed: tuple[Section, ...]
    """Sections changed since changes were requested."""


def queue(session: DbSession, actor: Actor, now: datetime) -> list[Waiting]:
    """Return the challenges on whose publishing this person decides, the longest waiting first."""
    everything = actor.is_regional_developer
    clusters = None if everything else [cluster.id for cluster in actor.curated_clusters]
    found = queries.challenges_in_review(session, clusters)
    return [_waiting(c, now) for c in found if policy.can_moderate(actor, c)]


def _waiting(challenge: Challenge, now: datetime) -> Waiting:
    today, submitted = local_day(now), local_day(challenge.submitted_at or now)
    due = policy.review_due(submitted)
    return Waiting(challenge, (today - submitted).days, due, is_late=due < today)


def review(session: DbSession, challenge: Challenge, actor: Actor, now: datetime) -> Review:
    """Return the review page of a challenge."""
    history = journal.history(session, challenge)
    submitted_at = challenge.submitted_at
    return Review(
        is_waiting=challenge.state is ChallengeState.IN_REVIEW,
        opens_at_once=challenge.opens_on is None or start_of(challenge.opens_on) <= now,
        is_too_late=_is_too_late(challenge, now),
        can_decline=actor.is_regional_developer,
        due=policy.review_due(local_day(submitted_at)) if submitted_at else None,
        history=history,
        hints=hints(challenge),
        changed=tuple(_changed_since_request(history)),
    )


def _is_too_late(challenge: Challenge, now: datetime) -> bool:
    if challenge.closes_at is None:
        return not policy.has_its_end(challenge)
    return challenge.closes_at <= now


def _changed_since_request(history: Sequence[Event]) -> list[Section]:
    revised = set()
    for event in history:  # newest first
        if event.to_state == ChallengeState.CHANGES_REQUESTED:
            return [section for section in Section if section.value in revised]
        revised.add(event.details.get("section"))
    return []
