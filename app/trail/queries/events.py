"""Every SELECT on the events of a challenge."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core.database import Base
from app.core.event_words import Topic, actions_about
from app.core.journal import Event
from app.core.journal_chain import EventLink
from app.core.pagination import Page
from app.organisations.models import Organisation
from app.responses.models import EDITABLE_STATES, HANDED_IN_STATES, Response, ResponseState
from app.trail import policy
from app.trail.policy import Sight

OWN_SUBJECTS = ("challenges", "addenda")
"""Subjects of the dialogue that tell nothing about who asked."""


ARCHIVED = "challenge.archived"
EVENTS = 50
"""So many events stand on a page."""
Ids: TypeAlias = "Select[int] | list[BindParameter[Any]]"


def forgettable(session: Session, before: datetime, limit: int) -> Sequence[int]:
    """Return the ids of the oldest events that may no longer say who acted.

    Those are older than ``before`` and belong to no challenge, or to one that went into the
    archive before that moment, too.
    """
    archived = select(Event.subject_id).where(
        Event.subject_kind == Challenge.__tablename__,
        Event.action == ARCHIVED,
        Event.at < before,
    )
    kept = select(Challenge.id).where(Challenge.id.not_in(archived))
    is_kept = or_(
        *(
            and_(Event.subject_kind == kind, Event.subject_id.in_(ids))
            for kind, ids in _subjects(kept, HANDED_IN_STATES | EDITABLE_STATES)
        )
    )
    statement = select(Event.id).where(Event.at < before, Event.salt != "", not_(is_kept))
    return session.scalars(statement.order_by(Event.id).limit(limit)).all()


# Which events belong to a challenge asks some thirty tables, and putting that together takes
# longer than the database's answer: it is done once for each sight and topic. Subjects are joined,
# since thirty conditions with OR between them make SQLite read the list of actions thirty times.


@cache
def _events(sight: Sight, topic: Topic | None) -> Select[Event]:
    """Return the SELECT of the events that somebody reads of the challenge ``challenge_id``."""
    actions = policy.actions_for(sight)
    if topic is not None:
        actions &= actions_about(topic)
    dialogue = actions_about(Topic.DIALOGUE)
    subjects = (
        union_all(
            *(
                ids.add_columns(literal(kind).label("kind"))
                for kind, ids in _subjects([bindparam("challenge_id")], HANDED_IN_STATES)
            )
        )
        .cte()
        .prefix_with("MATERIALIZED")
    )
    is_about = and_(Event.subject_kind == subjects.c.kind, Event.subject_id == subjects.c.id)
    return (
        select(Event)
        .join(subjects, is_about)
        .where(
            Event.action.in_(_written_out(actions)),
            or_(
                Event.action.not_in(_written_out(dialogue)),
                Event.subject_kind.in_(_written_out(OWN_SUBJECTS)),
            ),
        )
    )


@cache
def _events_and_count(sight: Sight, topic: Topic | None) -> Select[Event, int]:
    return (
        _events(sight, topic)
        .add_columns(func.count().over())
        .order_by(Event.id.desc())  # as things happened, whatever the clock said
        .limit(bindparam("size"))
        .offset(bindparam("start"))
    )


def event_page(
    session: Session, challenge_id: int, sight: Sight, topic: Topic | None, *, number: int
) -> Page[Event]:
    """Return one page of the events that somebody reads of a challenge, newest first."""
    wanted = {"challenge_id": challenge_id, "size": EVENTS, "start": (number - 1) * EVENTS}
    found = session.execute(_events_and_count(sight, topic), wanted).all()
    if not found and number > 1:  # past the end: nothing to show, but how many there are
        total = event_page(session, challenge_id, sight, topic, number=1).total
    else:
        total = found[0][1] if found else 0
    return Page([event for event, _ in found], number, total, EVENTS)


def _subjects(challenges: Ids, states: Collection[ResponseState]) -> list[tuple[str, Select[int]]]:
    """Return each table whose rows belong to these challenges, with the SELECT of their ids.

    :param states: of which answers; drafts are nobody's business
    """
    answers = select(Response.id).where(
        Response.challenge_id.in_(challenges), Response.state.in_(_written_out(states))
    )
    own = select(Challenge.id).where(Challenge.id.in_(challenges))
    found: list[tuple[str, Select[int]]] = [("challenges", own), ("responses", answers)]
    for table in _tables():
        if table.name == "responses":
            continue
        if "response_id" in table.c:
            found.append((table.name, select(table.c.id).where(table.c.response_id.in_(answers))))
        elif "challenge_id" in table.c:
            own = select(table.c.id).where(table.c.challenge_id.in_(challenges))
            found.append((table.name, own))
    return found


def _written_out(values: Collection[str]) -> list[BindParameter[str]]:
    """Return the values of an IN one by one; a list would be put into the SQL anew each time."""
    return [literal(str(each)) for each in sorted(values)]


@cache
def _tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if "id" in table.c]


def subject_names(session: Session, events: Iterable[Event]) -> Mapping[tuple[str, int], str]:
    """Return whose match, answer or part in a panel each event is about, where it is somebody's."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        wanted[event.subject_kind].add(event.subject_id)
    tables = {table.name: table for table in _tables()}
    names: dict[tuple[str, int], str] = {}
    for kind in sorted(wanted.keys() & tables.keys()):
        statement = _names(tables[kind])
        if statement is not None:
            found = session.execute(statement, {"ids": list(wanted[kind])})
            names |= {(kind, row.id): row.name for row in found}
    return names


@cache
def _names(table: Table) -> "Select[int, str] | None":
    statement = _all_names(table)
    ids: BindParameter[int] = bindparam("ids", expanding=True)
    return None if statement is None else statement.where(table.c.id.in_(ids))


def _all_names(table: Table) -> "Select[int, str] | None":
    organisation, user, response = (
        Organisation.__table__, User.__table__, Response.__table__,
    )  # fmt: skip
    if table.name == "evaluators":
        joined = table.join(user, user.c.id == table.c.user_id)
        return select(table.c.id, user.c.name).select_from(joined)
    if "organisation_id" in table.c:
        joined = table.join(organisation, organisation.c.id == table.c.organisation_id)
        return select(table.c.id, organisation.c.name).select_from(joined)
    if "response_id" in table.c:
        joined = table.join(response, response.c.id == table.c.response_id).join(
            organisation, organisation.c.id == response.c.organisation_id
        )
        return select(table.c.id, organisation.c.name).select_from(joined)
    return None


@dataclass(frozen=True)
class SealedEvent:
    """An event, its link in the chain, and the seal before it."""

    event: Event
    number: int
    digest: str
    personal_digest: str
    previous: str


@cache
def _sealed(sight: Sight) -> Select[Event, int, str, str, str]:
    before = aliased(EventLink)
    return (
        _events(sight, None)
        .add_columns(EventLink.number, EventLink.digest, EventLink.personal_digest, before.digest)
        .join(EventLink, EventLink.event_id == Event.id)
        .outerjoin(before, before.number == EventLink.number - 1)
        .order_by(EventLink.number)
    )


def sealed_events(session: Session, challenge_id: int, sight: Sight) -> list[SealedEvent]:
    """Return what somebody reads of a challenge in the order of the chain, each with its seal."""
    found = session.execute(_sealed(sight), {"challenge_id": challenge_id})
    return [
        SealedEvent(event, number, digest, person, previous or "")
        for event, number, digest, person, previous in found
    ]
