"""The rows behind the figures: matches, requirements, and the lists that clusters share."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Subquery, case, cast, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.challenges.models import Challenge, Requirement, RequirementKind
from app.core.pagination import PAGE_SIZE, Page
from app.matches.models import Evidence, Match, MatchState, Verdict
from app.monitoring.models import Answered, Measure
from app.monitoring.policy.figures import NO_CLUSTER
from app.monitoring.queries.counting import OUT, Window, is_counted, listed_matches
from app.organisations.models import ClusterMembership, Organisation

_BEST = {2: Answered.MET, 1: Answered.PARTLY, 0: Answered.NONE}
NO_LIMIT = 0


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
    listed = listed_matches(window, with_places=wanted.measure is Measure.SHOWN)
    statement = (
        select(
            listed.c.id, listed.c.state, listed.c.score, listed.c.rank,
            Organisation.id, Organisation.name, Organisation.slug,
            Challenge.id, Challenge.title, Challenge.lang,
        )
        .select_from(listed)
        .join(Organisation, Organisation.id == listed.c.organisation_id)
        .join(Challenge, Challenge.id == listed.c.challenge_id)
        .where(is_counted(listed, wanted.measure), *_conditions(listed, wanted))
        .order_by(func.coalesce(listed.c.score, 0).desc(), listed.c.id)
    )  # fmt: skip
    found, total = _page(session, statement, number, size)
    return Page([MatchRow(*row) for row in found], number, total, size or max(total, 1))


def _conditions(listed: Any, wanted: MatchChoice) -> list[ColumnElement[bool]]:
    membership = aliased(ClusterMembership)
    of_somebody = membership.member_id == listed.c.organisation_id
    found: list[ColumnElement[bool]] = []
    if wanted.field is not None:
        found.append(has_field(wanted.field))
    if wanted.cluster == NO_CLUSTER:
        found.append(~exists().where(of_somebody))
    elif wanted.cluster is not None:
        found.append(exists().where(of_somebody, membership.cluster_id == wanted.cluster))
    if wanted.home is not None:
        home = Challenge.curating_cluster_id
        found.append(home == wanted.home if wanted.home else home.is_(None))
    if wanted.only_bridges:
        found.append(listed.c.is_bridge == 1)
    return found


def has_field(field: str) -> ColumnElement[bool]:
    """Return the condition under which a challenge lies in a field.

    Ids are slugs, so the quoted id is found in the list's JSON text and nowhere else.
    """
    return cast(Challenge.field_ids, String).contains(f'"{field}"', autoescape=True)


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


def _requirements(window: Window, *fields: str) -> Subquery:
    degree = case((Evidence.verdict == Verdict.MET, 2), (Evidence.verdict == Verdict.PARTLY, 1))
    met = case((Evidence.verdict == Verdict.MET, 1), else_=0)
    best = (
        select(
            Match.challenge_id,
            Evidence.position,
            func.max(func.coalesce(degree, 0)).label("best"),
            func.sum(met).label("met_by"),
        )
        .join(Evidence, Evidence.candidate_id == Match.candidate_id)
        .where(Match.state.not_in(OUT))
        .group_by(Match.challenge_id, Evidence.position)
        .subquery()
    )
    is_its = (best.c.challenge_id == Challenge.id) & (best.c.position == Requirement.position)
    return (
        select(
            Challenge.id, Challenge.title, Challenge.lang, Requirement.position,
            Requirement.kind, Requirement.text,
            func.coalesce(best.c.met_by, 0).label("met_by"),
            func.coalesce(best.c.best, 0).label("best"),
        )
        .select_from(Requirement)
        .join(Challenge, Challenge.id == Requirement.challenge_id)
        .outerjoin(best, is_its)
        .where(*window.conditions, *map(has_field, fields))
        .subquery()
    )  # fmt: skip


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
    rows = _requirements(window, *([field] if field else []))
    every = select(rows).order_by(rows.c.id.desc(), rows.c.position)
    if answered is not None:
        degree = next(degree for degree, word in _BEST.items() if word is answered)
        every = every.where(rows.c.best == degree)
    found, total = _page(session, every, number, size)
    shown = [RequirementRow(*[*said, _BEST[degree]]) for *said, degree in found]
    return Page(shown, number, total, size or max(total, 1))


def requirement_counts(session: Session, window: Window) -> Mapping[int, Mapping[Answered, int]]:
    """Return how many requirements of each challenge are answered how well."""
    rows = _requirements(window)
    statement = select(rows.c.id, rows.c.best, func.count()).group_by(rows.c.id, rows.c.best)
    found: defaultdict[int, dict[Answered, int]] = defaultdict(dict)
    for challenge_id, degree, count in session.execute(statement):
        found[challenge_id][_BEST[degree]] = count
    return found


def _page(
    session: Session, statement: Select[Any], number: int, size: int
) -> tuple[Sequence[Any], int]:
    count = select(func.count()).select_from(statement.order_by(None).subquery())
    if size != NO_LIMIT:
        statement = statement.limit(size).offset((number - 1) * size)
    return session.execute(statement).all(), session.scalar(count) or 0


@dataclass(frozen=True)
class Place:
    """An organisation's place on the machine's list of a challenge."""

    organisation_id: int
    place: int
    score: float


def machine_lists(session: Session, window: Window) -> Mapping[int, Sequence[Place]]:
    """Return the machine's list of each challenge, by challenge."""
    listed = listed_matches(window, with_places=True)
    statement = (
        select(
            listed.c.challenge_id,
            listed.c.organisation_id,
            listed.c.place,
            listed.c.score,
        )
        .where(listed.c.rank.is_not(None))
        .order_by(listed.c.challenge_id, listed.c.place)
    )
    found: defaultdict[int, list[Place]] = defaultdict(list)
    for challenge_id, organisation_id, place, score in session.execute(statement):
        found[challenge_id].append(Place(organisation_id, place, score))
    return found


def cluster_ids(session: Session) -> Mapping[int, frozenset[int]]:
    """Return the clusters of every organisation that is in one."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for row in session.execute(select(ClusterMembership.member_id, ClusterMembership.cluster_id)):
        found[row[0]].add(row[1])
    return {member: frozenset(clusters) for member, clusters in found.items()}
