"""The public list of challenges: what it finds, and how much each filter would leave."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import compress
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import (
    InstrumentedAttribute,
    Session,
    contains_eager,
    joinedload,
    load_only,
)

from app.challenges.models import PUBLIC_STATES, Challenge, ChallengeState, Requirement
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.pagination import PAGE_SIZE, Page, paginate
from app.organisations.models import Organisation, OrganisationKind

MAX_SEARCH_WORDS = 8


class Stage(LabelledEnum):
    """What matters to somebody who looks for challenges."""

    OPEN = "open", N_("Open for answers")
    CLOSED = "closed", N_("Closed, decision to come")
    DECIDED = "decided", N_("Decided")
    CANCELLED = "cancelled", N_("Cancelled")


STATES_OF_STAGE: Mapping[Stage, frozenset[ChallengeState]] = {
    Stage.OPEN: frozenset({ChallengeState.OPEN}),
    Stage.CLOSED: frozenset(
        {ChallengeState.CLOSED, ChallengeState.EVALUATING, ChallengeState.SHORTLISTED}
    ),
    Stage.DECIDED: frozenset(
        {ChallengeState.DECIDED, ChallengeState.PILOTING, ChallengeState.COMPLETED}
    ),
    Stage.CANCELLED: frozenset({ChallengeState.CANCELLED}),
}
LISTED_STATES = frozenset[ChallengeState]().union(*STATES_OF_STAGE.values())
"""What the list shows; one in the archive is found by its address only."""


class Order(LabelledEnum):
    """In which order challenges are listed."""

    DEADLINE = "deadline", N_("Next deadline first")
    NEWEST = "newest", N_("Newest first")


@dataclass(frozen=True)
class ChallengeFilter:
    """What somebody looks for; an empty facet lets everything through."""

    text: str = ""
    stages: frozenset[Stage] = frozenset()
    fields: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    kinds: frozenset[OrganisationKind] = frozenset()
    clusters: frozenset[int] = frozenset()

    def without(self, facet: str) -> "ChallengeFilter":
        """Return the filter with one facet let loose."""
        let_loose: dict[str, Any] = {facet: "" if facet == "text" else frozenset()}
        return replace(self, **let_loose)


def public_challenges(
    session: Session,
    wanted: ChallengeFilter,
    *,
    order: Order,
    number: int,
    size: int = PAGE_SIZE,
) -> Page[Challenge]:
    """Return one page of public challenges, each with owner and curating cluster."""
    statement = (
        _public(select(Challenge), wanted)
        .options(joinedload(Challenge.owner), joinedload(Challenge.curating_cluster))
        .order_by(*order_of(order))
    )
    return paginate(session, statement, number=number, size=size)


SHOWN_IN_LISTS = (
    Challenge.title, Challenge.summary, Challenge.lang, Challenge.state, Challenge.is_sample,
    Challenge.field_ids, Challenge.place, Challenge.fact_layers, Challenge.closes_at,
)  # fmt: skip
"""What a card of the list tells; to ask one of its challenges for anything else is an error."""


def listed_challenges(
    session: Session, wanted: ChallengeFilter, *, order: Order, number: int
) -> Sequence[Challenge]:
    """Return one page of public challenges, with no more than cards show of them and owners."""
    which = {"size": PAGE_SIZE, "skipped": (number - 1) * PAGE_SIZE}
    return session.scalars(_list(wanted, order), which).all()


@lru_cache
def _list(wanted: ChallengeFilter, order: Order) -> Select[Challenge]:
    """Return the SELECT of a page: to put it together takes as long as to run it."""
    owner = contains_eager(Challenge.owner)
    return (
        _public(select(Challenge), wanted)
        .options(
            load_only(*SHOWN_IN_LISTS, raiseload=True),
            owner.load_only(Organisation.name, Organisation.kind, raiseload=True),
        )
        .order_by(*order_of(order))
        .limit(bindparam("size"))
        .offset(bindparam("skipped"))
    )


def count_public(session: Session, wanted: ChallengeFilter) -> int:
    """Return how many public challenges there are of this sort."""
    return session.scalar(_public(select(func.count(Challenge.id)), wanted)) or 0


def public_ids(session: Session, wanted: ChallengeFilter) -> set[int]:
    """Return the ids of all public challenges of this sort."""
    return set(session.scalars(_public(select(Challenge.id), wanted)))


@dataclass(frozen=True)
class FacetCounts:
    """How many public challenges there would be with each value of a facet ticked alone."""

    stages: Counter[Stage]
    fields: Counter[str]
    languages: Counter[str]
    kinds: Counter[OrganisationKind]
    clusters: Counter[int]
    total: int
    """How many there are as everything is chosen now."""


COUNTED = 32
"""So many counts are remembered, each with some ten kilobytes of what was counted."""


def facet_counts(session: Session, wanted: ChallengeFilter) -> FacetCounts:
    """Count by every facet, each under what is chosen in the others: one look at all of them."""
    return _counts(tuple(_columns(session, wanted.text)), wanted)


@lru_cache(COUNTED)
def _counts(columns: tuple[str | None, ...], wanted: ChallengeFilter) -> FacetCounts:
    """Count; remembered by all that is counted, so that nothing can be out of date."""
    found = [column.split(_BREAK) if column else [] for column in columns]
    states = {state for stage in wanted.stages for state in STATES_OF_STAGE[stage]}
    clusters = set(map(str, wanted.clusters))
    chosen = (states, wanted.fields, wanted.languages, wanted.kinds, clusters)
    fits = {
        facet: [_is_chosen(value, facet, each) for value in found[facet]]
        for facet, each in enumerate(chosen)
        if each
    }
    total = sum(map(all, zip(*fits.values(), strict=True))) if fits else len(found[0])

    def counted(facet: int) -> Counter[Any]:
        others = [fit for other, fit in fits.items() if other != facet]
        left = map(all, zip(*others, strict=True))
        return Counter(compress(found[facet], left) if others else found[facet])

    by_state, by_fields, by_language, by_kind, by_cluster = map(counted, range(len(chosen)))
    fields: Counter[str] = Counter()
    for field_ids, count in by_fields.items():
        for field_id in _ids_in(field_ids):
            fields[field_id] += count
    stages = {stage: sum(by_state[each] for each in STATES_OF_STAGE[stage]) for stage in Stage}
    kinds = {OrganisationKind(kind): count for kind, count in by_kind.items()}
    clusters_known = Counter({int(id_): count for id_, count in by_cluster.items() if id_})
    return FacetCounts(Counter(stages), fields, by_language, Counter(kinds), clusters_known, total)


def _columns(session: Session, text: str) -> Sequence[str | None]:
    """Return what facets are counted from, of all challenges with some words: each a long text.

    That is one row; a row for each challenge would take twice as long to read.
    """
    return session.execute(_facets(text)).one()


@lru_cache
def _facets(text: str) -> Select[Any]:
    columns: list[ColumnElement[str]] = [
        type_coerce(Challenge.state, String),
        _field_list(),
        type_coerce(Challenge.lang, String),
        type_coerce(Organisation.kind, String),
        func.coalesce(cast(Challenge.curating_cluster_id, String), ""),
    ]
    joined: Any = select(*(func.aggregate_strings(column, _BREAK) for column in columns))
    return _public(joined, ChallengeFilter(text=text))


@lru_cache(1024)
def _ids_in(field_list: str) -> frozenset[str]:
    return frozenset(json.loads(field_list))


_BREAK = "\n"
"""Stands between values; neither words of ours nor JSON in one line hold it."""
_FIELDS = 1
"""Place of the one facet of which a challenge has several values, as JSON text."""


def _is_chosen(value: Any, facet: int, chosen: Collection[Any]) -> bool:
    if facet == _FIELDS:
        return any(f'"{each}"' in value for each in chosen)
    return value in chosen


def _public(statement: Select[Any], wanted: ChallengeFilter) -> Select[Any]:
    return (
        statement.select_from(Challenge)
        .join(Organisation, Organisation.id == Challenge.owner_id)
        .where(*_conditions(wanted))
    )


def _conditions(wanted: ChallengeFilter) -> list[ColumnElement[bool]]:
    states = frozenset().union(*(STATES_OF_STAGE[stage] for stage in wanted.stages))
    was_public = Challenge.state.in_(PUBLIC_STATES) | Challenge.opened_at.is_not(None)
    conditions: list[ColumnElement[bool]] = [
        Challenge.state.in_(states or LISTED_STATES),
        was_public,
    ]
    if wanted.fields:
        # Ids are slugs, so the quoted id is found in the list's JSON text and nowhere else.
        conditions.append(or_(*(_field_list().contains(f'"{id_}"') for id_ in wanted.fields)))
    chosen: tuple[tuple[InstrumentedAttribute[Any], Collection[Any]], ...] = (
        (Challenge.lang, wanted.languages),
        (Organisation.kind, wanted.kinds),
        (Challenge.curating_cluster_id, wanted.clusters),
    )
    conditions += [column.in_(values) for column, values in chosen if values]
    conditions += [_holds(word) for word in wanted.text.split()[:MAX_SEARCH_WORDS]]
    return conditions


def _field_list() -> ColumnElement[str]:
    return cast(Challenge.field_ids, String)


def _holds(word: str) -> ColumnElement[bool]:
    # SQLite folds the case of ASCII letters only, so "öl" would not find "Öl".
    spellings = {word, word.lower(), word.upper(), word.capitalize()}
    texts = (Challenge.title, Challenge.summary, Challenge.need)
    return or_(
        *(_any_of(text, spellings) for text in texts),
        Challenge.requirements.any(_any_of(Requirement.text, spellings)),
    )


def _any_of(text: InstrumentedAttribute[str], spellings: Collection[str]) -> ColumnElement[bool]:
    return or_(*(text.icontains(spelling, autoescape=True) for spelling in spellings))


def order_of(order: Order) -> Sequence[ColumnElement[Any]]:
    """Return by what challenges are sorted."""
    if order is Order.NEWEST:
        return Challenge.opened_at.desc(), Challenge.id.desc()
    is_open = Challenge.state == ChallengeState.OPEN
    return (
        case((is_open, 0), else_=1),
        case((is_open, Challenge.closes_at)),
        Challenge.closes_at.desc(),
        Challenge.id.desc(),
    )
