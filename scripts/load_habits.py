"""What people of each role look at and submit, for measuring a server under load."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.challenges.models import Challenge, ChallengeState
from app.core.database import open_engine, session_maker
from app.core.settings import Settings
from app.organisations.models import Organisation
from app.responses.models import Response
from scripts.big_region_rows import PEOPLE, Person, Role
from scripts.page_addresses import organisations_of

SUBMITTING = 0.4
"""How likely somebody submits a form that a page offers."""
ON_OWN = 0.5
"""How likely somebody looks at what is theirs, if there is anything."""
MOST_OWN = 4
SEARCHED = ("water", "Fähren", "énergie", "drone", "Alster", "sensor")
_FORM = re.compile(
    r'<form[^>]*method="post"[^>]*action="([^"]+/(?:keep|undo|move|note|follow|unfollow))"'
    r"[^>]*>(.*?)</form>",
    re.DOTALL,
)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_BUTTON = re.compile(r'<button[^>]*name="([^"]+)" value="([^"]*)"(?![^>]*disabled)')
NEW_PASSAGE = "profile/passages/new"
PASSAGE = {
    "kind": "capability",
    "title": "Measures water at the quay",
    "text": "Our sensors measure water in old harbours, without digging and in ten minutes.",
    "lang": "en",
    "source": "Written under load",
    "source_url": "",
}


@dataclass(frozen=True)
class Step:
    """A page that is asked for, or a form that is submitted."""

    path: str
    form: Mapping[str, str] | None = None

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "GET" if self.form is None else "POST"

    @property
    def kind(self) -> str:
        """The path without what is only this one's."""
        return re.sub(r"\d+", "N", self.path.partition("?")[0])


@dataclass(frozen=True)
class Habits:
    """The addresses that people know."""

    everybody: Sequence[str]
    of_roles: Mapping[Role, Sequence[str]]
    of_people: Mapping[str, Sequence[str]]


def habits_of(settings: Settings) -> Habits:
    """Return who looks at what in an installation."""
    engine = open_engine(settings.sqlalchemy_url)
    with session_maker(engine)() as session:
        public = session.scalars(
            select(Challenge.id).where(Challenge.state == ChallengeState.OPEN).limit(60)
        ).all()
        slugs = session.scalars(
            select(Organisation.slug).where(Organisation.verified_at.is_not(None)).limit(60)
        ).all()
        own = {person.email: _own(session, person) for person in PEOPLE}
    engine.dispose()  # no connection is inherited by a process of ours
    return Habits(
        everybody=[
            "/home", "/challenges", "/challenges?page=2", "/challenges?sort=newest",
            "/organisations", "/organisations?page=3", "/messages", "/pilots", "/sites",
            *(f"/challenges?q={word}" for word in SEARCHED),
            *(f"/organisations?q={word}" for word in SEARCHED),
            *(f"/challenges/{id_}" for id_ in public[:12]),
            *(f"/organisations/{slug}" for slug in slugs[:12]),
        ],
        of_roles={
            Role.REGION: ["/monitoring", "/monitoring/matches", "/monitoring/needs", "/moderation",
                          "/monitoring/exposure"],
            Role.ADMINISTRATOR: ["/administration/mails", "/administration/jobs"],
        },
        of_people=own,
    )  # fmt: skip


def _own(session: Session, person: Person) -> list[str]:
    """Return what somebody has to do with: their lists, challenges, answers."""
    ids = organisations_of(session, person.email)
    if person.role is Role.CURATOR:
        curated = select(Challenge.id).where(
            Challenge.curating_cluster_id.in_(ids), Challenge.state == ChallengeState.OPEN
        )
        pages = ("matches", "matches?page=2", "shortlist", "shortlist", "trail")
        found = session.scalars(curated.limit(MOST_OWN)).all()
        return [f"/challenges/{id_}/{page}" for id_ in found for page in pages] + ["/monitoring"]
    if person.role is Role.OWNER:
        owned = select(Challenge.id).where(
            Challenge.owner_id.in_(ids), Challenge.state == ChallengeState.EVALUATING
        )
        pages = ("responses", "comparison", "panel", "shortlist", "trail")
        found = session.scalars(owned.limit(MOST_OWN)).all()
        return [f"/challenges/{id_}/{page}" for id_ in found for page in pages]
    if person.role is Role.RESPONDER:
        slugs = session.scalars(select(Organisation.slug).where(Organisation.id.in_(ids))).all()
        answers = select(Response.id).where(Response.organisation_id.in_(ids)).limit(MOST_OWN)
        written = [f"/responses/{id_}" for id_ in session.scalars(answers)]
        parts = ("needs", "profile", NEW_PASSAGE)
        return [
            "/invitations",
            *written,
            *(f"/organisations/{s}/{p}" for s in slugs for p in parts),
        ]
    return []


def next_step(habits: Habits, person: Person, page: str, chance: Random) -> Step:
    """Return what somebody does who sees a page: submit a form there, or look at something else."""
    forms = _FORM.findall(page)
    if forms and chance.random() < SUBMITTING:
        action, inside = chance.choice(forms)
        return Step(unescape(action), _filled(action, inside, chance))
    own = [*habits.of_people.get(person.email, ()), *habits.of_roles.get(person.role, ())]
    path = chance.choice(own if own and chance.random() < ON_OWN else habits.everybody)
    is_written = path.endswith(NEW_PASSAGE) and chance.random() < SUBMITTING
    number = chance.randrange(10**6)
    return Step(path, {**PASSAGE, "title": f"{PASSAGE['title']} {number}"} if is_written else None)


def _filled(action: str, inside: str, chance: Random) -> dict[str, str]:
    form = {name: unescape(value) for name, value in _HIDDEN.findall(inside)}
    if buttons := _BUTTON.findall(inside):
        form |= [chance.choice(buttons)]
    if action.endswith("/note"):
        form["note"] = f"Looked at under load, {chance.randrange(1000)}."
    return form
