"""The counting itself: the SELECTs that look at every match, run by a job and by no page."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, Subquery, and_, case, cast, exists, func, select
from sqlalchemy.orm import Session

from app.challenges.models import Challenge, Requirement
from app.matches.models import (
    INVITED_STATES,
    SHORTLIST_STATES,
    Candidate,
    Evidence,
    Match,
    MatchState,
    Verdict,
)
from app.monitoring.models import FIRST_PLACES, GOOD_ABOVE, Answered, Measure
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
AGREED_PILOTS = frozenset(PilotState) - {PilotState.DRAFT}
_BEST = {2: Answered.MET, 1: Answered.PARTLY, 0: Answered.NONE}
IS_PUBLISHED = Challenge.opened_at.is_not(None)
Row = dict[str, Any]


@dataclass(frozen=True)
class Listed:
    """A match of a published challenge, as everything is counted from it."""

    match_id: int
    challenge_id: int
    organisation_id: int
    home_id: int | None
    """The cluster that looks after the challenge; None: the region."""
    state: MatchState
    created_at: datetime
    score: float | None
    rank: int | None
    is_bridge: bool
    place: int
    """On the machine's list, as far as it has a rank."""

    def counts_for(self, measure: Measure) -> bool:
        """Whether it counts for a measure."""
        if measure is Measure.GOOD:
            return self.score is not None and self.score > GOOD_ABOVE and self.state not in OUT
        if measure is Measure.SHOWN:
            return self.rank is not None and self.place <= FIRST_PLACES
        return self.state in STATES_COUNTED[measure]


def listed_matches(session: Session) -> Sequence[Listed]:
    """Return all matches of published challenges, those of each in the machine's order."""
    of_somebody = ClusterMembership.member_id == Match.organisation_id
    at_home = ClusterMembership.cluster_id == Challenge.curating_cluster_id
    is_bridge = and_(
        Match.state.in_(SHORTLIST_STATES),
        Challenge.curating_cluster_id.is_not(None),
        exists().where(of_somebody),
        ~exists().where(of_somebody, at_home),
    )
    order = (case((Candidate.rank.is_(None), 1), else_=0), Candidate.rank, Match.id)
    statement = (
        select(
            Match.id, Match.challenge_id, Match.organisation_id, Challenge.curating_cluster_id,
            Match.state, Match.created_at, Candidate.score, Candidate.rank, is_bridge,
            func.row_number().over(partition_by=Match.challenge_id, order_by=order),
        )
        .join(Challenge, Challenge.id == Match.challenge_id)
        .outerjoin(Candidate, Candidate.id == Match.candidate_id)
        .where(IS_PUBLISHED)
        .order_by(Match.challenge_id, *order)
    )  # fmt: skip
    return [Listed(*row) for row in session.execute(statement)]


def published(session: Session) -> Sequence[Mapping[Any, Any]]:
    """Return what is known of each published challenge besides its matches."""
    answers = _by_challenge(
        Response.challenge_id,
        answers=Response.state.in_(HANDED_IN_STATES),
        selected=Response.state.in_(CHOSEN_STATES),
    )
    pilots = _by_challenge(Pilot.challenge_id, pilots=Pilot.state.in_(AGREED_PILOTS))
    purchases = _by_challenge(Purchase.challenge_id, purchases=Purchase.id.is_not(None))
    parts = (answers, pilots, purchases)
    numbers = [
        func.coalesce(column, 0).label(column.name)
        for part in parts
        for column in part.c
        if column.name != "challenge_id"
    ]
    statement = (
        select(*_COLUMNS, *numbers)
        .join(Organisation, Organisation.id == Challenge.owner_id)
        .where(IS_PUBLISHED)
    )
    for part in parts:
        statement = statement.outerjoin(part, part.c.challenge_id == Challenge.id)
    return session.execute(statement).mappings().all()


_COLUMNS = (
    Challenge.id, Challenge.title, Challenge.lang, Organisation.name.label("owner_name"),
    Challenge.state, Challenge.curating_cluster_id.label("home_id"), Challenge.field_ids,
    Challenge.submitted_at, Challenge.opened_at, Challenge.decision_on,
)  # fmt: skip


def _by_challenge(challenge_id: Any, **conditions: ColumnElement[bool]) -> Subquery:
    numbers = (
        func.sum(case((condition, 1), else_=0)).label(name)
        for name, condition in conditions.items()
    )
    return select(challenge_id.label("challenge_id"), *numbers).group_by(challenge_id).subquery()


def requirements(session: Session) -> Sequence[Row]:
    """Return all requirements of published challenges with how well any match answers them."""
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
    statement = (
        select(
            Challenge.id.label("challenge_id"), Requirement.position, Requirement.kind,
            Requirement.text, func.coalesce(best.c.met_by, 0).label("met_by"),
            func.coalesce(best.c.best, 0).label("best"),
        )
        .select_from(Requirement)
        .join(Challenge, Challenge.id == Requirement.challenge_id)
        .outerjoin(best, is_its)
        .where(IS_PUBLISHED)
    )  # fmt: skip
    found = session.execute(statement).mappings()
    return [{**row, "best": _BEST[row["best"]]} for row in found]


def cluster_ids(session: Session) -> Mapping[int, frozenset[int]]:
    """Return the clusters of every organisation that is in one."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for row in session.execute(select(ClusterMembership.member_id, ClusterMembership.cluster_id)):
        found[row[0]].add(row[1])
    return {member: frozenset(clusters) for member, clusters in found.items()}


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
        for field in set(json.loads(field_ids)):
            found[field] += count
    return found
