"""What the pages of a trail show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.challenges.models import Challenge
from app.challenges.pages.reading import Addition, Step
from app.core.database import DbSession
from app.core.event_words import Topic
from app.core.i18n import gettext
from app.core.jobs import Job
from app.core.journal import Event
from app.core.pagination import Page
from app.organisations.policy import Actor
from app.trail import policy, queries
from app.trail.models import SourcingExport
from app.trail.policy import TOPICS, Sight
from app.trail.queries import events


@dataclass(frozen=True)
class TrailPage:
    """Some events of a challenge, newest first, and whose match or answer each is about."""

    found: Page[Event]
    names: Mapping[tuple[str, int], str]
    topic: Topic | None
    topics: Sequence[Topic]


def trail_page(
    session: DbSession, challenge: Challenge, sight: Sight, topic: Topic | None, number: int
) -> TrailPage:
    """Return one page of what somebody reads in the trail."""
    found = events.event_page(session, challenge.id, sight, topic, number=number)
    return TrailPage(found, events.subject_names(session, found.rows), topic, TOPICS)


@dataclass(frozen=True)
class Asked:
    """A file that was asked for, and the job behind it."""

    export: SourcingExport
    job: Job | None


def exports_page(session: DbSession, challenge: Challenge, actor: Actor) -> Sequence[Asked]:
    """Return the files that this person asked for, newest first."""
    assert actor.user is not None  # noqa: S101 -- signed in
    found = queries.exports_for(session, challenge.id, actor.user.id)
    return [Asked(export, queries.job_of(session, export)) for export in found]


def addition(_session: DbSession, challenge: Challenge, actor: Actor, _now: datetime) -> Addition:
    """Return what the trail brings to the page of a challenge: the ways in."""
    steps = []
    if policy.may_read_trail(actor, challenge):
        steps.append(Step(f"/challenges/{challenge.id}/trail", gettext("Audit trail")))
    if policy.may_read_file(actor, challenge):
        steps.append(Step(f"/challenges/{challenge.id}/file", gettext("Sourcing file")))
    return Addition(steps=tuple(steps))
