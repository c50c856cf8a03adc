"""What was counted: one row a challenge, one a challenge and cluster, and when."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.monitoring.models import (
    THE_COUNT,
    Answered,
    Count,
    CountedChallenge,
    CountedField,
    CountedPairing,
    Measure,
)
from app.monitoring.policy.exposure import Exposure
from app.monitoring.policy.facts import ChallengeFacts
from app.monitoring.policy.figures import Pairing
from app.monitoring.policy.scope import Scope

_PLAIN = ("title", "lang", "owner_name", "state", "home_id", "submitted_at", "opened_at",
          "decision_on", "first_good_at", "good", "shortlisted", "bridges", "invited",
          "interested", "answers", "selected", "pilots", "purchases")  # fmt: skip


@dataclass(frozen=True)
class Window:
    """Counted challenges that somebody's figures are made of, from a moment on."""

    scope: Scope
    since: datetime | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What a challenge in it fulfils."""
        found: list[ColumnElement[bool]] = []
        if self.since is not None:
            found.append(CountedChallenge.opened_at >= self.since)
        return [*found, *self.at_home(CountedChallenge.home_id)]

    def at_home(self, home_id: InstrumentedAttribute[int | None]) -> list[ColumnElement[bool]]:
        """Return what a row fulfils that names who looks after its challenge."""
        clusters = self.scope.cluster_ids
        return [] if clusters is None else [home_id.in_(clusters)]


def last_count(session: Session) -> Count | None:
    """Return when everything was counted last, if it ever was."""
    return session.get(Count, THE_COUNT)


@dataclass(frozen=True)
class Counted:
    """The facts of all challenges in a window, and their matches by measure."""

    facts: Sequence[ChallengeFacts]
    matches: Mapping[Measure, Mapping[int, int]]
    """How many matches each challenge has."""


def facts_from(row: Mapping[Any, Any]) -> ChallengeFacts:
    """Return what a row says of a challenge."""
    plain: dict[str, Any] = {name: row[name] for name in _PLAIN}
    return ChallengeFacts(id=row["id"], field_ids=tuple(row["field_ids"]), **plain)


FACTS = (
    CountedChallenge.challenge_id.label("id"),
    CountedChallenge.field_ids,
    *(getattr(CountedChallenge, name) for name in _PLAIN),
)
NEWEST_FIRST = (CountedChallenge.opened_at.desc(), CountedChallenge.challenge_id.desc())


def counted(session: Session, window: Window) -> Counted:
    """Return what is known of each challenge, the newest first."""
    statement = select(*FACTS, CountedChallenge.shown).where(*window.conditions)
    rows = session.execute(statement.order_by(*NEWEST_FIRST)).mappings().all()
    return Counted(
        [facts_from(row) for row in rows],
        {measure: {row["id"]: row[measure.value] for row in rows} for measure in Measure},
    )


def pairings(session: Session, window: Window, measure: Measure) -> list[Pairing]:
    """Return how many matches of each challenge belong to each cluster, by one measure."""
    number = getattr(CountedPairing, measure.value)
    statement = (
        select(
            CountedPairing.challenge_id, CountedPairing.cluster_id, number, CountedPairing.bridges
        )
        .join(CountedChallenge, CountedChallenge.challenge_id == CountedPairing.challenge_id)
        .where(or_(number > 0, CountedPairing.bridges > 0), *window.conditions)
    )
    return [Pairing(*row) for row in session.execute(statement)]


def matches_by_cluster(session: Session, window: Window, measure: Measure) -> Counter[int]:
    """Return how many matches of a window belong to each cluster, by one measure."""
    statement = (
        select(CountedPairing.cluster_id, func.sum(getattr(CountedPairing, measure.value)))
        .join(CountedChallenge, CountedChallenge.challenge_id == CountedPairing.challenge_id)
        .where(*window.conditions)
        .group_by(CountedPairing.cluster_id)
    )
    return Counter({row[0]: row[1] for row in session.execute(statement)})


def list_count(session: Session, window: Window) -> int:
    """Return how many challenges have a list of the machine."""
    has_list = CountedChallenge.shown > 0
    statement = select(func.count()).select_from(CountedChallenge)
    return session.scalar(statement.where(has_list, *window.conditions)) or 0


def exposures(session: Session, window: Window, *, lists: int) -> list[Exposure]:
    """Return the exposure of each cluster that has somebody on a list, by its id.

    :param lists: how many there are in all
    """
    pairing = CountedPairing
    is_met = and_(pairing.floor > 0, pairing.floor <= pairing.places)
    statement = (
        select(
            pairing.cluster_id, func.count(), func.sum(pairing.places),
            func.sum(pairing.share_of_relevance), func.sum(pairing.share_of_exposure),
            func.sum(case((pairing.floor > 0, 1), else_=0)), func.sum(case((is_met, 1), else_=0)),
        )
        .join(CountedChallenge, CountedChallenge.challenge_id == pairing.challenge_id)
        .where(pairing.is_listed, *window.conditions)
        .group_by(pairing.cluster_id)
        .order_by(pairing.cluster_id)
    )  # fmt: skip
    return [
        Exposure(cluster, on, places, relevance / lists, exposure / lists, floors, met)
        for cluster, on, places, relevance, exposure, floors, met in session.execute(statement)
    ]


def requirement_counts(session: Session, window: Window) -> Mapping[int, Mapping[Answered, int]]:
    """Return how many requirements of each challenge are answered how well."""
    row = CountedChallenge
    statement = select(row.challenge_id, row.met, row.partly, row.unmet).where(*window.conditions)
    found: defaultdict[int, dict[Answered, int]] = defaultdict(dict)
    for challenge_id, met, partly, unmet in session.execute(statement):
        found[challenge_id] = {
            Answered.MET: met,
            Answered.PARTLY: partly,
            Answered.NONE: unmet,
        }
    return found


def counted_supply(session: Session) -> Counter[str]:
    """Return how many verified organisations named each field when it was counted."""
    statement = select(CountedField.field_id, CountedField.organisations)
    return Counter({row[0]: row[1] for row in session.execute(statement)})
