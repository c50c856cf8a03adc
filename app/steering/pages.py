"""What the pages about the course of a challenge show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.challenges.models import Challenge, ChallengeState, Ending
from app.challenges.pages.reading import Addition, Part, Step
from app.core import journal
from app.core.database import DbSession
from app.core.i18n import gettext
from app.core.journal import Event
from app.dialogue.models import Tie
from app.dialogue.queries import everybody_concerned
from app.organisations.policy import Actor
from app.steering import policy, queries
from app.steering.policy import ENDINGS, Act, Obstacle


@dataclass(frozen=True)
class Option:
    """An act that the state allows this person, and what else stands in its way, if anything."""

    act: Act
    obstacle: Obstacle | None


@dataclass(frozen=True)
class SteeringPage:
    """Where a challenge stands, who listens, and what can be done about it."""

    options: Sequence[Option]
    told: Sequence[tuple[Tie, int]]
    """How many people are told of a change, by what they have to do with the challenge."""
    history: Sequence[Event]
    is_late: bool


def steering_page(
    session: DbSession, challenge: Challenge, actor: Actor, now: datetime
) -> SteeringPage:
    """Return how a challenge is steered, as this person sees it."""
    ties = [listener.tie for listener in everybody_concerned(session, challenge)]
    return SteeringPage(
        options=_options(session, challenge, actor, now),
        told=[(tie, ties.count(tie)) for tie in Tie if tie in ties],
        history=journal.history(session, challenge),
        is_late=challenge.is_late(now),
    )


def _options(session: DbSession, challenge: Challenge, actor: Actor, now: datetime) -> list[Option]:
    facts = queries.facts_about(session, challenge, now)
    options = []
    for act in Act:
        roles = [
            role
            for role in policy.movers(actor, challenge)
            if policy.is_possible(act, challenge.state, role)
        ]
        obstacles = [policy.obstacle(act, challenge, role, facts) for role in roles]
        if roles:
            options.append(Option(act, None if None in obstacles else obstacles[0]))
    return options


@dataclass(frozen=True)
class ActPage:
    """What an act would do, before it is done."""

    told: int
    endings: Sequence[tuple[str, str]]
    accepted: Sequence[str]
    """Whose selection is accepted and not in a pilot: a sheet about it ends with the challenge."""


def act_page(session: DbSession, challenge: Challenge) -> ActPage:
    """Return what stands around the form of an act."""
    known = ENDINGS.get(challenge.state, frozenset())
    return ActPage(
        told=len(everybody_concerned(session, challenge)),
        accepted=queries.accepted(session, challenge),
        endings=[(ending.value, ending.label) for ending in Ending if ending in known],
    )


def addition(session: DbSession, challenge: Challenge, actor: Actor, _now: datetime) -> Addition:
    """Return what steering brings to the page of a challenge: its end, and the way in."""
    ended = {ChallengeState.CANCELLED, ChallengeState.COMPLETED}
    event = next((e for e in journal.history(session, challenge) if e.to_state in ended), None)
    parts = (Part("top", "steering/_end.html", event),) if event else ()
    path = f"/challenges/{challenge.id}/steering"
    steps = (Step(path, gettext("Dates and course")),)
    return Addition(steps=steps if policy.may_look(actor, challenge) else (), parts=parts)
