"""Matches and answers, counted by challenge and by cluster."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.matches.models import (
    INVITED_STATES,
    SHORTLIST_STATES,
    Candidate,
    Match,
    MatchState,
)
from app.monitoring.models import FIRST_PLACES, GOOD_ABOVE, Measure
from app.monitoring.policy.facts import ChallengeFacts
from app.monitoring.policy.figures import NO_CLUSTER, Pairing
from app.monitoring.policy.scope import Scope
from app.organisations.models import ClusterMembership, Organisation, OrganisationKind
from app.outcomes.models import Purchase
from app.pilots.models import Pilot, PilotState
from app.responses.models import CHOSEN_STATES, HANDED_IN_STATES, Response

OUT = (MatchState.DROPPED, MatchState.RECALLED)
"""A match in these states counts for nothing but its place on the machine's list."""
STATES_COUNTED = {
    Measure.SHORTLISTED: SHORTLIST_STATES,
    Measure.INVITED: INVITED_STATES,
    Measure.INTERESTED: frozenset({MatchState.INTERESTED, MatchState.CONVERTED}),
}
BY_STATE = (Measure.GOOD, *STATES_COUNTED)
"""Measures that need no places."""
AGREED_PILOTS = frozenset(PilotState) - {PilotState.DRAFT}


@dataclass(frozen=True)
class Window:
    """Published challenges that somebody's figures are made of, from a moment on."""

    scope: Scope
    since: datetime | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What a challenge in it fulfils."""
        found: list[ColumnElement[bool]] = [Challenge.opened_at.is_not(None)]
        if self.since is not None:
            found.append(Challenge.opened_at >= self.since)
        if self.scope.cluster_ids is not None:
            found.append(Challenge.curating_cluster_id.in_(self.scope.cluster_ids))
        return found


def listed_matches(window: Window, *, with_places: bool = False) -> Subquery:
    """Return matches with score, rank, and whether they bridge on a shortlist.

    :param with_places: also their places on the machine's list, which costs as much again
    """
    of_somebody = ClusterMembership.member_id == Match.organisation_id
    at_home = ClusterMembership.cluster_id == Challenge.curating_cluster_id
    order = (case((Candidate.rank.is_(None), 1), else_=0), Candidate.rank, Match.id)
    place = func.row_number().over(partition_by=Match.challenge_id, order_by=order)
    is_bridge = and_(
        Match.state.in_(SHORTLIST_STATES),
        Challenge.curating_cluster_id.is_not(None),
        exists().where(of_somebody),
        ~exists().where(of_somebody, at_home),
    )
    return (
        select(
            Match.id,
            Match.challenge_id,
            Match.organisation_id,
            Match.state,
            Match.created_at,
            Candidate.score,
            Candidate.rank,
            case((is_bridge, 1), else_=0).label("is_bridge"),
            *([place.label("place")] if with_places else []),
        )
        .join(Challenge, Challenge.id == Match.challenge_id)
        .outerjoin(Candidate, Candidate.id == Match.candidate_id)
        .where(*window.conditions)
        .subquery("listed")
    )


def is_counted(listed: Subquery, measure: Measure) -> ColumnElement[bool]:
    """Return the condition under which a listed match counts for a measure."""
    state = listed.c.state
    if measure is Measure.GOOD:
        return and_(listed.c.score > GOOD_ABOVE, state.not_in(OUT))
    if measure is Measure.SHOWN:
        return and_(listed.c.rank.is_not(None), listed.c.place <= FIRST_PLACES)
    states: ColumnElement[bool] = state.in_(STATES_COUNTED[measure])
    return states


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


@dataclass(frozen=True)
class Counted:
    """The facts of all challenges in a window, and their matches by measure."""

    facts: Sequence[ChallengeFacts]
    matches: Mapping[Measure, Mapping[int, int]]
    """How many matches each challenge has."""


def counted(session: Session, window: Window, *others: Measure) -> Counted:
    """Return what is known of each challenge, the newest first.

    :param others: measures to count besides those that facts are made of
    """
    measures = dict.fromkeys((*BY_STATE, *others))
    listed = listed_matches(window, with_places=Measure.SHOWN in measures)
    good = is_counted(listed, Measure.GOOD)
    matches = (
        select(
            listed.c.challenge_id,
            *(_number(is_counted(listed, measure)).label(measure) for measure in measures),
            _number(listed.c.is_bridge == 1).label("bridges"),
            func.min(case((good, listed.c.created_at))).label("first_good_at"),
        )
        .group_by(listed.c.challenge_id)
        .subquery()
    )
    answers = _by_challenge(
        Response.challenge_id,
        answers=Response.state.in_(HANDED_IN_STATES),
        selected=Response.state.in_(CHOSEN_STATES),
    )
    pilots = _by_challenge(Pilot.challenge_id, pilots=Pilot.state.in_(AGREED_PILOTS))
    purchases = _by_challenge(Purchase.challenge_id, purchases=Purchase.id.is_not(None))
    parts = (matches, answers, pilots, purchases)
    columns = [column for part in parts for column in part.c if column.name != "challenge_id"]
    statement = (
        select(*_COLUMNS, Organisation.name, *columns)
        .join(Organisation, Organisation.id == Challenge.owner_id)
        .where(*window.conditions)
        .order_by(Challenge.opened_at.desc(), Challenge.id.desc())
    )
    for part in parts:
        statement = statement.outerjoin(part, part.c.challenge_id == Challenge.id)
    rows = session.execute(statement).mappings().all()
    return Counted(
        [_facts(row) for row in rows],
        {measure: {row["id"]: row[measure] or 0 for row in rows} for measure in measures},
    )


_COLUMNS = (
    Challenge.id, Challenge.title, Challenge.lang, Challenge.state, Challenge.curating_cluster_id,
    Challenge.field_ids, Challenge.submitted_at, Challenge.opened_at, Challenge.decision_on,
)  # fmt: skip


def _by_challenge(challenge_id: Any, **conditions: ColumnElement[bool]) -> Subquery:
    numbers = (_number(condition).label(name) for name, condition in conditions.items())
    return select(challenge_id.label("challenge_id"), *numbers).group_by(challenge_id).subquery()


def _facts(row: Mapping[Any, Any]) -> ChallengeFacts:
    plain = ("id", "title", "lang", "state", "submitted_at", "opened_at", "decision_on")
    counts = ("good", "shortlisted", "bridges", "invited", "interested")
    others = ("answers", "selected", "pilots", "purchases")
    values: dict[str, Any] = {name: row[name] for name in plain}
    values |= {name: row[name] or 0 for name in counts + others}
    return ChallengeFacts(
        **values,
        owner_name=row["name"],
        home_id=row["curating_cluster_id"],
        field_ids=tuple(row["field_ids"]),
        first_good_at=row["first_good_at"],
    )


def pairings(session: Session, window: Window, measure: Measure) -> list[Pairing]:
    """Return how many matches of each challenge belong to each cluster, by one measure."""
    listed = listed_matches(window, with_places=measure is Measure.SHOWN)
    cluster_id = func.coalesce(ClusterMembership.cluster_id, NO_CLUSTER)
    statement = (
        select(
            listed.c.challenge_id,
            cluster_id.label("cluster_id"),
            _number(is_counted(listed, measure)).label("count"),
            _number(listed.c.is_bridge == 1).label("bridges"),
        )
        .outerjoin(ClusterMembership, ClusterMembership.member_id == listed.c.organisation_id)
        .where(or_(is_counted(listed, measure), listed.c.is_bridge == 1))
        .group_by(listed.c.challenge_id, cluster_id)
    )
    return [Pairing(*row) for row in session.execute(statement)]


def clusters(session: Session) -> Mapping[int, str]:
    """Return the names of all verified clusters by id, in their order."""
    statement = (
        select(Organisation.id, Organisation.name)
        .where(Organisation.kind == OrganisationKind.CLUSTER, Organisation.verified_at.is_not(None))
        .order_by(Organisation.name)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def supply(session: Session) -> Counter[str]:
    """Return how many verified organisations name each field in their profile."""
    text = cast(Organisation.field_ids, String)
    statement = (
        select(text, func.count(Organisation.id))
        .where(Organisation.verified_at.is_not(None), Organisation.kind != OrganisationKind.CLUSTER)
        .group_by(text)
    )
    found: Counter[str] = Counter()
    for field_ids, count in session.execute(statement):
        found.update(dict.fromkeys(json.loads(field_ids), count))
    return found
