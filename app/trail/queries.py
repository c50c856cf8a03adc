"""Every SELECT on the trail of a challenge."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, Table, and_, func, not_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.database import Base
from app.core.event_words import Topic, actions_about
from app.core.jobs import Job
from app.core.journal import Event
from app.core.journal_chain import EventLink
from app.core.outbox import Mail, MailState
from app.matches.models import Candidate, Match, MatchRun
from app.organisations.models import Membership, Organisation
from app.organisations.policy import Actor
from app.responses.models import (
    EDITABLE_STATES,
    HANDED_IN_STATES,
    PartnerState,
    Response,
    ResponsePartner,
    ResponseState,
)
from app.responses.queries import reading_bar
from app.trail import policy
from app.trail.models import SourcingExport
from app.trail.policy import Sight

OWN_SUBJECTS = ("challenges", "addenda")
"""Subjects of the dialogue that tell nothing about who asked."""


ARCHIVED = "challenge.archived"
Ids: TypeAlias = "Select[int] | list[int]"


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
    is_kept = or_(*_subjects(kept, HANDED_IN_STATES | EDITABLE_STATES))
    statement = select(Event.id).where(Event.at < before, Event.salt != "", not_(is_kept))
    return session.scalars(statement.order_by(Event.id).limit(limit)).all()


def events_of(challenge_id: int, sight: Sight, topic: Topic | None = None) -> Select[Event]:
    """Return the SELECT of the events that somebody reads of a challenge, newest first."""
    actions = policy.actions_for(sight)
    if topic is not None:
        actions &= actions_about(topic)
    dialogue = actions_about(Topic.DIALOGUE)
    return (
        select(Event)
        .where(
            Event.action.in_(actions),
            or_(*_subjects([challenge_id], HANDED_IN_STATES)),
            or_(Event.action.not_in(dialogue), Event.subject_kind.in_(OWN_SUBJECTS)),
        )
        .order_by(Event.id.desc())  # as things happened, whatever the clock said
    )


def _subjects(challenges: Ids, states: Collection[ResponseState]) -> list[ColumnElement[bool]]:
    """Return one condition for each table whose rows belong to these challenges.

    :param states: of which answers; drafts are nobody's business
    """
    answers = select(Response.id).where(
        Response.challenge_id.in_(challenges), Response.state.in_(states)
    )
    found = [_is("challenges", challenges), _is("responses", answers)]
    for table in _tables():
        if table.name == "responses":
            continue
        if "response_id" in table.c:
            found.append(
                _is(table.name, select(table.c.id).where(table.c.response_id.in_(answers)))
            )
        elif "challenge_id" in table.c:
            own = select(table.c.id).where(table.c.challenge_id.in_(challenges))
            found.append(_is(table.name, own))
    return found


def _tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if "id" in table.c]


def _is(kind: str, ids: Ids) -> ColumnElement[bool]:
    return and_(Event.subject_kind == kind, Event.subject_id.in_(ids))


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
            ids = tables[kind].c.id.in_(wanted[kind])
            names |= {(kind, row.id): row.name for row in session.execute(statement.where(ids))}
    return names


def _names(table: Table) -> "Select[tuple[int, str]] | None":
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


def course_of(session: Session, challenge: Challenge) -> ChallengeState:
    """Return the state of a challenge; of an archived one, the state in which it ended."""
    if challenge.state is not ChallengeState.ARCHIVED:
        return challenge.state
    statement = select(Event.from_state).where(
        Event.subject_kind == Challenge.__tablename__,
        Event.subject_id == challenge.id,
        Event.action == ARCHIVED,
    )
    before = session.scalar(statement.order_by(Event.id.desc()).limit(1))
    return ChallengeState(before) if before else challenge.state


def withdrawn_count(session: Session, challenge_id: int) -> int:
    """Return how many answers were handed in and taken back."""
    statement = select(func.count(Response.id)).where(
        Response.challenge_id == challenge_id, Response.state == ResponseState.WITHDRAWN
    )
    return session.scalar(statement) or 0


def is_barred(session: Session, challenge_id: int, actor: Actor) -> bool:
    """Whether a conflict keeps somebody from the answers."""
    return actor.user is not None and bool(reading_bar(session, challenge_id, actor.user.id))


def has_answered(session: Session, challenge_id: int, actor: Actor) -> bool:
    """Whether an organisation of theirs leads an answer or is a partner in one."""
    own = [membership.organisation_id for membership in actor.memberships]
    if not own:
        return False
    leads = select(Response.id).where(
        Response.challenge_id == challenge_id, Response.organisation_id.in_(own)
    )
    takes_part = (
        select(ResponsePartner.id)
        .join(ResponsePartner.response)
        .where(
            Response.challenge_id == challenge_id,
            ResponsePartner.organisation_id.in_(own),
            ResponsePartner.state != PartnerState.DECLINED,
        )
    )
    return any(session.scalar(each.limit(1)) is not None for each in (leads, takes_part))


@dataclass(frozen=True)
class SealedEvent:
    """An event, its link in the chain, and the seal before it."""

    event: Event
    number: int
    digest: str
    personal_digest: str
    previous: str


def sealed_events(session: Session, statement: Select[Event]) -> list[SealedEvent]:
    """Return events in the order of the chain, each with its seal."""
    before = aliased(EventLink)
    found = session.execute(
        statement.add_columns(
            EventLink.number, EventLink.digest, EventLink.personal_digest, before.digest
        )
        .join(EventLink, EventLink.event_id == Event.id)
        .outerjoin(before, before.number == EventLink.number - 1)
        .order_by(None)
        .order_by(EventLink.number)
    )
    return [
        SealedEvent(event, number, digest, person, previous or "")
        for event, number, digest, person, previous in found
    ]


def runs_of(session: Session, challenge_id: int) -> Sequence[MatchRun]:
    """Return every ranking of a challenge with its candidates and their evidence, in order."""
    statement = (
        select(MatchRun)
        .where(MatchRun.challenge_id == challenge_id)
        .options(
            selectinload(MatchRun.candidates).options(
                joinedload(Candidate.organisation), selectinload(Candidate.evidence)
            )
        )
        .order_by(MatchRun.id)
    )
    return session.scalars(statement).all()


def mails_naming(session: Session, challenge_id: int, paths: Collection[str]) -> Sequence[Mail]:
    """Return the messages about a challenge or with an address of these paths, in order.

    What was dropped because it came too late was told to nobody.
    """
    mentions = [
        column.contains(path, autoescape=True)
        for path in paths
        for column in (Mail.text, Mail.link)
    ]
    is_about = Mail.about["challenge_id"].as_integer() == challenge_id
    statement = select(Mail).where(or_(is_about, *mentions), Mail.state != MailState.DROPPED)
    return session.scalars(statement.order_by(Mail.id)).all()


def people_by_address(session: Session, addresses: Collection[str]) -> Mapping[str, User]:
    """Return the accounts behind e-mail addresses."""
    statement = select(User).where(User.email.in_(set(addresses)))
    return {user.email: user for user in session.scalars(statement)}


def organisations_of(session: Session, user_ids: Collection[int]) -> Mapping[int, list[str]]:
    """Return the names of the organisations that people belong to, in order."""
    statement = (
        select(Membership.user_id, Organisation.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id.in_(set(user_ids)))
        .order_by(Organisation.name, Organisation.id)
    )
    names: dict[int, list[str]] = defaultdict(list)
    for user_id, name in session.execute(statement):
        names[user_id].append(name)
    return names


def export_by_id(session: Session, export_id: int) -> SourcingExport | None:
    """Return one sourcing file that was asked for."""
    return session.get(SourcingExport, export_id)


def exports_for(session: Session, challenge_id: int, user_id: int) -> Sequence[SourcingExport]:
    """Return the sourcing files of a challenge that one person asked for, newest first."""
    statement = select(SourcingExport).where(
        SourcingExport.challenge_id == challenge_id, SourcingExport.user_id == user_id
    )
    return session.scalars(statement.order_by(SourcingExport.id.desc())).all()


def job_of(session: Session, export: SourcingExport) -> Job | None:
    """Return the job that puts a file together, None once it is tidied away."""
    return session.get(Job, export.job_id) if export.job_id else None


def response_ids(session: Session, challenge_id: int) -> Sequence[int]:
    """Return the ids of all answers to a challenge, drafts too, in order."""
    statement = select(Response.id).where(Response.challenge_id == challenge_id)
    return session.scalars(statement.order_by(Response.id)).all()


def match_ids(session: Session, challenge_id: int) -> Sequence[int]:
    """Return the ids of all matches of a challenge in order."""
    statement = select(Match.id).where(Match.challenge_id == challenge_id)
    return session.scalars(statement.order_by(Match.id)).all()
