"""Count everything, keep what was counted, ask for a new count."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, inspect, select
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.database import Base
from app.core.jobs import Job
from app.core.journal_chain import head_of
from app.monitoring.fairness import shares
from app.monitoring.models import (
    COUNT_IF_CHANGED,
    COUNT_WANTED,
    THE_COUNT,
    Answered,
    Count,
    CountedChallenge,
    CountedField,
    CountedMatch,
    CountedPairing,
    CountedRequirement,
    Measure,
)
from app.monitoring.policy.exposure import Place
from app.monitoring.policy.facts import ChallengeFacts
from app.monitoring.policy.figures import NO_CLUSTER
from app.monitoring.queries import counting, measuring
from app.monitoring.queries.measuring import Listed

LOOKED_AGAIN_AFTER = timedelta(minutes=30)
MEASURES = tuple(Measure)
NO_PAIRING = {measure.value: 0 for measure in MEASURES} | {
    "bridges": 0, "is_listed": False, "places": 0, "share_of_relevance": 0.0,
    "share_of_exposure": 0.0, "floor": 0,
}  # fmt: skip
REQUIREMENTS = {Answered.MET: "met", Answered.PARTLY: "partly", Answered.NONE: "unmet"}
Values = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Change:
    """What is different in one table since the last count."""

    table: Table
    gone: Sequence[Key]
    new: Sequence[Values]


def ask(session: Session, *, at: datetime) -> Job:
    """Have everything counted anew as soon as a worker is free."""
    return jobs.enqueue(session, COUNT_WANTED, {}, at=at, dedupe_key=COUNT_WANTED)


def look_again(session: Session, *, at: datetime, after: timedelta = LOOKED_AGAIN_AFTER) -> None:
    """Have somebody look a little later whether something has changed."""
    jobs.enqueue(
        session, COUNT_IF_CHANGED, {}, at=at, run_at=at + after, dedupe_key=COUNT_IF_CHANGED
    )


def ask_if_changed(session: Session, *, at: datetime) -> None:
    """Have everything counted anew if the journal says that something has changed."""
    last = counting.last_count(session)
    if last is None or last.journal_number != head_of(session).number:
        ask(session, at=at)


def count(session: Session, *, now: datetime) -> list[Change]:
    """Count everything and return what has changed since the last count; nothing is written."""
    head = head_of(session)
    listed = measuring.listed_matches(session)
    requirements = measuring.requirements(session)
    tables: Mapping[type[Base], Iterable[Values]] = {
        Count: [{"id": THE_COUNT, "counted_at": now, "journal_number": head.number}],
        CountedChallenge: _challenges(session, listed, requirements, now),
        CountedPairing: _pairings(session, listed),
        CountedMatch: filter(None, map(_match, listed)),
        CountedRequirement: requirements,
        CountedField: [
            {"field_id": field, "organisations": number}
            for field, number in measuring.supply(session).items()
        ],
    }
    return [_change(session, model, rows) for model, rows in tables.items()]


def keep(session: Session, changes: Iterable[Change]) -> None:
    """Write what has changed; readers see all of it or nothing."""
    connection = session.connection()
    for change in changes:
        keys = list(change.table.primary_key)
        if change.gone:
            is_it = [column == bindparam(f"key_{column.name}") for column in keys]
            gone = [
                {f"key_{column.name}": part for column, part in zip(keys, key, strict=True)}
                for key in change.gone
            ]
            connection.execute(delete(change.table).where(*is_it), gone)
        if change.new:
            connection.execute(insert(change.table), change.new)


def _change(session: Session, model: type[Base], rows: Iterable[Values]) -> Change:
    table = inspect(model).local_table
    assert isinstance(table, Table)  # noqa: S101 -- each model here is one
    keys = [column.name for column in table.primary_key]
    found = {tuple(row[key] for key in keys): row for row in rows}
    kept: dict[Key, Values] = {}
    for row in session.execute(select(table)).mappings():
        kept[tuple(row[key] for key in keys)] = dict(row)
    gone = [key for key, row in kept.items() if found.get(key) != row]
    return Change(table, gone, [row for key, row in found.items() if kept.get(key) != row])


def _challenges(
    session: Session, listed: Iterable[Listed], requirements: Iterable[Values], now: datetime
) -> Iterable[Values]:
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    first_good: dict[int, datetime] = {}
    for each in listed:
        counts[each.challenge_id].update(_counts_of(each))
        if each.counts_for(Measure.GOOD):
            first = first_good.get(each.challenge_id, each.created_at)
            first_good[each.challenge_id] = min(first, each.created_at)
    for row in requirements:
        counts[row["challenge_id"]][REQUIREMENTS[row["best"]]] += 1
    names = [*(measure.value for measure in MEASURES), "bridges", *REQUIREMENTS.values()]
    for known in measuring.published(session):
        values: Values = {**known, **{name: counts[known["id"]][name] for name in names}}
        values["first_good_at"] = first_good.get(known["id"])
        facts = counting.facts_from(values)
        yield {**_told(facts, now), **{k: v for k, v in values.items() if k != "id"}}


def _told(facts: ChallengeFacts, now: datetime) -> Values:
    obstacle, days = facts.obstacle(now) or (None, 0)
    return {
        "challenge_id": facts.id,
        "speed": facts.speed,
        "obstacle": obstacle,
        "stuck_days": days,
    }


def _counts_of(each: Listed) -> Values:
    found = {measure.value: int(each.counts_for(measure)) for measure in MEASURES}
    return {**found, "bridges": int(each.is_bridge)}


def _match(each: Listed) -> Values | None:
    counts = {measure.value: each.counts_for(measure) for measure in MEASURES}
    if not any(counts.values()):
        return None
    return {
        "match_id": each.match_id, "challenge_id": each.challenge_id,
        "organisation_id": each.organisation_id, "home_id": each.home_id, "state": each.state,
        "score": each.score, "rank": each.rank, **counts, "is_bridge": bool(each.is_bridge),
    }  # fmt: skip


def _pairings(session: Session, listed: Iterable[Listed]) -> Iterable[Values]:
    clusters = measuring.cluster_ids(session)
    found: defaultdict[Key, Values] = defaultdict(lambda: dict(NO_PAIRING))
    for each in listed:
        counts = _counts_of(each)
        for cluster_id in clusters.get(each.organisation_id, (NO_CLUSTER,)):
            pairing = found[each.challenge_id, cluster_id]
            pairing.update({name: pairing[name] + number for name, number in counts.items()})
    for challenge_id, places in _machine_lists(listed).items():
        for share in shares(places, clusters):
            part = {key: value for key, value in vars(share).items() if key != "cluster_id"}
            found[challenge_id, share.cluster_id].update(part, is_listed=True)
    for (challenge_id, cluster_id), pairing in found.items():
        if pairing != NO_PAIRING:
            yield {"challenge_id": challenge_id, "cluster_id": cluster_id, **pairing}


def _machine_lists(listed: Iterable[Listed]) -> Mapping[int, Sequence[Place]]:
    found: defaultdict[int, list[Place]] = defaultdict(list)
    for each in listed:
        if each.rank is not None and each.score is not None:
            found[each.challenge_id].append(Place(each.organisation_id, each.place, each.score))
    return found
