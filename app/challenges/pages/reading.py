"""The public page of one challenge: what it offers this person, and what happened so far."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode

from app.challenges import policy
from app.challenges.models import (
    EDITABLE_STATES,
    PUBLIC_EVENTS,
    PUBLIC_STATES,
    Challenge,
    ChallengeState,
)
from app.core import journal
from app.core.database import DbSession
from app.core.i18n import TIME_ZONE, gettext
from app.organisations.policy import Actor


@dataclass(frozen=True)
class Step:
    """Something this person can do next."""

    path: str
    words: str


@dataclass(frozen=True)
class Part:
    """A piece of the page: ``template`` is included and finds its content in ``shown``."""

    place: Literal["top", "main", "aside"]
    template: str
    shown: Any


@dataclass(frozen=True)
class Addition:
    """What a feature that builds on challenges brings to the page of one."""

    steps: tuple[Step, ...] = ()
    parts: tuple[Part, ...] = ()


Contributor = Callable[[DbSession, Challenge, Actor, datetime], Addition]
"""Asked for each view of a challenge; ``app.main`` lists them, since they lie above this one."""


@dataclass(frozen=True)
class Happening:
    """An event as the public sees it: what, when and why, without names of people."""

    action: str
    at: datetime
    organisation_name: str = ""
    user_name: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ChallengePage:
    """Everything the page of a challenge shows beside the challenge itself."""

    challenge: Challenge
    takes_answers: bool
    days_left: int | None
    steps: tuple[Step, ...]
    is_late: bool
    parts: tuple[Part, ...]
    happenings: tuple[Happening, ...]

    def parts_in(self, place: str) -> list[Part]:
        """Return what other features bring to one place of the page."""
        return [part for part in self.parts if part.place == place]


def challenge_page(
    session: DbSession,
    challenge: Challenge,
    actor: Actor,
    now: datetime,
    *,
    contributors: Iterable[Contributor] = (),
) -> ChallengePage:
    """Return the page of a challenge for this person at this moment."""
    additions = [ask(session, challenge, actor, now) for ask in contributors]
    own_steps = tuple(_steps(challenge, actor, now))
    return ChallengePage(
        challenge=challenge,
        takes_answers=challenge.takes_answers(now),
        days_left=days_left(challenge, now),
        steps=own_steps + tuple(step for each in additions for step in each.steps),
        is_late=challenge.is_late(now),
        parts=tuple(part for each in additions for part in each.parts),
        happenings=tuple(
            Happening(event.action, event.at, reason=event.reason)
            for event in journal.history(session, challenge)
            if event.action in PUBLIC_EVENTS
        ),
    )


def days_left(challenge: Challenge, now: datetime) -> int | None:
    """Return whole days until the last day for answers (0 on that day); None when none are left."""
    if not challenge.takes_answers(now) or (last_day := challenge.last_day) is None:
        return None
    return (last_day - now.astimezone(TIME_ZONE).date()).days


def _steps(challenge: Challenge, actor: Actor, now: datetime) -> Iterable[Step]:
    path = f"/challenges/{challenge.id}"
    if challenge.takes_answers(now):
        yield from _answering(challenge, actor, path)
    if policy.acts_for_owner(actor, challenge) and challenge.state in EDITABLE_STATES:
        yield Step(f"{path}/edit", gettext("Edit the draft"))
    if policy.is_owner_side(actor, challenge) and challenge.state in PUBLIC_STATES:
        yield Step(f"{path}/responses", gettext("See answers"))
    if policy.acts_for_owner(actor, challenge) and challenge.state not in EDITABLE_STATES:
        yield Step(f"{path}/copy", gettext("Copy"))
    if policy.can_moderate(actor, challenge) and challenge.state is ChallengeState.IN_REVIEW:
        yield Step(f"{path}/review", gettext("Review"))
    if policy.is_curator(actor, challenge) and challenge.state not in EDITABLE_STATES:
        yield Step(f"{path}/matches", gettext("Matches"))
        yield Step(f"{path}/shortlist", gettext("Shortlist"))


def _answering(challenge: Challenge, actor: Actor, path: str) -> Iterable[Step]:
    if actor.user is None:
        sign_in = f"/sign-in?{urlencode({'next': f'{path}/answer'})}"
        yield Step(sign_in, gettext("Sign in to answer"))
    elif any(o.id != challenge.owner_id for o in actor.acting_organisations):
        yield Step(f"{path}/answer", gettext("Answer this challenge"))
    elif not (actor.memberships or actor.is_regional_developer or actor.is_administrator):
        yield Step("/organisations/new", gettext("Register your organisation to answer"))
