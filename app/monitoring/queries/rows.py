"""The rows behind the figures, as they were counted: challenges, matches, requirements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, cast, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.challenges.models import RequirementKind
from app.core.pagination import PAGE_SIZE, Page
from app.matches.models import MatchState
from app.monitoring.models import (
    Answered,
    CountedChallenge,
    CountedMatch,
    CountedRequirement,
    Measure,
    Obstacle,
    Step,
)
from app.monitoring.policy.facts import ChallengeChoice, ChallengeFacts
from app.monitoring.policy.figures import NO_CLUSTER
from app.monitoring.queries.counting import FACTS, NEWEST_FIRST, Window, facts_from
from app.organisations.models import ClusterMembership, Organisation

NO_LIMIT = 0
_COUNTED: dict[Step, InstrumentedAttribute[int]] = {
    Step.MATCHED: CountedChallenge.good,
    Step.SHORTLISTED: CountedChallenge.shortlisted,
    Step.INVITED: CountedChallenge.invited,
    Step.INTERESTED: CountedChallenge.interested,
    Step.ANSWERED: CountedChallenge.answers,
    Step.SELECTED: CountedChallenge.selected,
    Step.PILOT: CountedChallenge.pilots,
    Step.BOUGHT: CountedChallenge.purchases,
}
"""What a challenge has that has come to a step; to the first have come all."""


@dataclass(frozen=True)
class ChallengeRow:
    """A challenge, and what blocks it."""

    facts: ChallengeFacts
    stuck: tuple[Obstacle, int] | None


def challenges(
    session: Session, window: Window, wanted: ChallengeChoice, *, number: int, size: int = PAGE_SIZE
) -> Page[ChallengeRow]:
    """Return one page of challenges, the newest first; all of them if ``size`` is ``NO_LIMIT``."""
    statement = (
        select(*FACTS, CountedChallenge.obstacle, CountedChallenge.stuck_days)
        .where(*window.conditions, *_chosen(wanted))
        .order_by(*NEWEST_FIRST)
    )
    found, total = _page(session, statement, number, size)
    shown = [ChallengeRow(facts_from(row), _stuck(row)) for row in map(mapping_of, found)]
    return Page(shown, number, total, size or max(total, 1))


def longest_stuck(session: Session, window: Window, *, count: int) -> list[ChallengeRow]:
    """Return the challenges that have stood still longest."""
    statement = (
        select(*FACTS, CountedChallenge.obstacle, CountedChallenge.stuck_days)
        .where(*window.conditions, CountedChallenge.obstacle.is_not(None))
        .order_by(CountedChallenge.stuck_days.desc(), CountedChallenge.challenge_id)
    )
    found = map(mapping_of, _rows(session, statement, 1, count))
    return [ChallengeRow(facts_from(row), _stuck(row)) for row in found]


def _stuck(row: Mapping[Any, Any]) -> tuple[Obstacle, int] | None:
    return (row["obstacle"], row["stuck_days"]) if row["obstacle"] else None


def mapping_of(row: Row[Any]) -> Mapping[Any, Any]:
    """Return a row by the names of its columns."""
    return row._mapping  # noqa: SLF001 -- a public name of SQLAlchemy, in spite of its underscore


def _chosen(wanted: ChallengeChoice) -> list[ColumnElement[bool]]:
    row = CountedChallenge
    found: list[ColumnElement[bool]] = []
    if wanted.step in _COUNTED:
        found.append(_COUNTED[wanted.step] > 0)
    if wanted.short_of is not None:
        found.append(_COUNTED.get(wanted.short_of, row.challenge_id) == 0)
    if wanted.field is not None:
        found.append(has_field(wanted.field))
    if wanted.home is not None:
        found.append(_is_home(CountedChallenge.home_id, wanted.home))
    if wanted.speed is not None:
        found.append(row.speed == wanted.speed)
    if wanted.with_bridge is not None:
        found.append(row.bridges > 0 if wanted.with_bridge else row.bridges == 0)
    if wanted.needs_hand:
        found.append(row.obstacle.is_not(None))
    return found


def _is_home(home_id: InstrumentedAttribute[int | None], home: int) -> ColumnElement[bool]:
    return home_id == home if home else home_id.is_(None)


def has_field(field: str) -> ColumnElement[bool]:
    """Return the condition under which a challenge lies in a field.

    Ids are slugs, so the quoted id is found in the list's JSON text and nowhere else.
    """
    return cast(CountedChallenge.field_ids, String).contains(f'"{field}"', autoescape=True)


@dataclass(frozen=True)
class MatchChoice:
    """Which matches are asked for."""

    measure: Measure = Measure.GOOD
    field: str | None = None
    cluster: int | None = None
    """Of the organisation; 0: it is in none."""
    home: int | None = None
    """Who looks after the challenge; 0: the region."""
    only_bridges: bool = False
    """On a shortlist, and from other clusters only."""


@dataclass(frozen=True)
class MatchRow:
    """One match as figures count it."""

    match_id: int
    state: MatchState
    score: float | None
    rank: int | None
    organisation_id: int
    organisation_name: str
    organisation_slug: str
    challenge_id: int
    challenge_title: str
    challenge_lang: str


def matches(
    session: Session, window: Window, wanted: MatchChoice, *, number: int, size: int = PAGE_SIZE
) -> Page[MatchRow]:
    """Return one page of matches, best first; all of them if ``size`` is ``NO_LIMIT``."""
    statement = _matches(window, wanted)
    if wanted.cluster is None and not wanted.only_bridges:
        found, total = _rows(session, statement, number, size), _sum(session, window, wanted)
    else:
        found, total = _page(session, statement, number, size)
    return Page([MatchRow(*row) for row in found], number, total, size or max(total, 1))


# Put together once for each choice, since that takes longer than the database's answer.


@lru_cache
def _matches(window: Window, wanted: MatchChoice) -> Select[*tuple[Any, ...]]:
    match, challenge = CountedMatch, CountedChallenge
    return (
        select(
            match.match_id, match.state, match.score, match.rank,
            Organisation.id, Organisation.name, Organisation.slug,
            challenge.challenge_id.label("about_id"), challenge.title, challenge.lang,
        )
        .select_from(match)
        .join(Organisation, Organisation.id == match.organisation_id)
        .join(challenge, challenge.challenge_id == match.challenge_id)
        .where(
            getattr(match, wanted.measure.value),
            *window.conditions,
            *window.at_home(match.home_id),
            *_conditions(wanted),
        )
        .order_by(match.score.desc().nulls_last(), match.match_id)
    )  # fmt: skip


def _sum(session: Session, window: Window, wanted: MatchChoice) -> int:
    """Return how many matches were counted: a row of each challenge tells, not one of each."""
    return session.scalar(_sum_statement(window, wanted)) or 0


@lru_cache
def _sum_statement(window: Window, wanted: MatchChoice) -> Select[int]:
    column = getattr(CountedChallenge, wanted.measure.value)
    return select(func.sum(column)).where(*window.conditions, *_of_challenges(wanted))


def _conditions(wanted: MatchChoice) -> list[ColumnElement[bool]]:
    of_somebody = ClusterMembership.member_id == CountedMatch.organisation_id
    found = _of_challenges(wanted)
    if wanted.cluster == NO_CLUSTER:
        found.append(~exists().where(of_somebody))
    elif wanted.cluster is not None:
        found.append(exists().where(of_somebody, ClusterMembership.cluster_id == wanted.cluster))
    if wanted.home is not None:
        found.append(_is_home(CountedMatch.home_id, wanted.home))
    if wanted.only_bridges:
        found.append(CountedMatch.is_bridge.is_(True))
    return found


def _of_challenges(wanted: MatchChoice) -> list[ColumnElement[bool]]:
    """Return what their challenges fulfil."""
    found: list[ColumnElement[bool]] = []
    if wanted.field is not None:
        found.append(has_field(wanted.field))
    if wanted.home is not None:
        found.append(_is_home(CountedChallenge.home_id, wanted.home))
    return found


@dataclass(frozen=True)
class RequirementRow:
    """One requirement of a challenge, and how well any match answers it."""

    challenge_id: int
    challenge_title: str
    challenge_lang: str
    position: int
    kind: RequirementKind
    text: str
    met_by: int
    """Organisations with evidence that they meet it."""
    best: Answered


def requirements(
    session: Session,
    window: Window,
    *,
    field: str | None,
    answered: Answered | None,
    number: int,
    size: int = PAGE_SIZE,
) -> Page[RequirementRow]:
    """Return one page of requirements, those of the newest challenges first."""
    row, challenge = CountedRequirement, CountedChallenge
    statement = (
        select(
            row.challenge_id, challenge.title, challenge.lang, row.position, row.kind, row.text,
            row.met_by, row.best,
        )
        .join(challenge, challenge.challenge_id == row.challenge_id)
        .where(*window.conditions, *([has_field(field)] if field else []))
        .order_by(row.challenge_id.desc(), row.position)
    )  # fmt: skip
    if answered is not None:
        statement = statement.where(row.best == answered)
    found, total = _page(session, statement, number, size)
    shown = [RequirementRow(*each) for each in found]
    return Page(shown, number, total, size or max(total, 1))


def _page(
    session: Session, statement: Select[*tuple[Any, ...]], number: int, size: int
) -> tuple[Sequence[Any], int]:
    count = statement.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    return _rows(session, statement, number, size), session.scalar(count) or 0


def _rows(
    session: Session, statement: Select[*tuple[Any, ...]], number: int, size: int
) -> Sequence[Any]:
    if size != NO_LIMIT:
        statement = statement.limit(size).offset((number - 1) * size)
    return session.execute(statement).all()
