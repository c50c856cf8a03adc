"""Every SELECT on challenges."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from app.accounts.models import User
from app.accounts.queries import regional_developers
from app.challenges.models import PUBLIC_STATES, Challenge, ChallengeState, Requirement
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.pagination import PAGE_SIZE, Page, paginate
from app.organisations.models import Organisation, OrganisationKind
from app.organisations.queries import acting_people

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


def with_people_and_requirements() -> Select[Challenge]:
    """Return a SELECT of challenges, each with owner, curating cluster and requirements."""
    return select(Challenge).options(
        joinedload(Challenge.owner),
        joinedload(Challenge.curating_cluster),
        selectinload(Challenge.requirements),
        selectinload(Challenge.criteria),
    )


def challenge_by_id(session: Session, challenge_id: int) -> Challenge | None:
    """Return one challenge with owner, curating cluster and requirements."""
    return session.scalar(with_people_and_requirements().where(Challenge.id == challenge_id))


def challenges_in_review(
    session: Session, cluster_ids: Collection[int] | None
) -> Sequence[Challenge]:
    """Return what waits for a review, the longest waiting first.

    :param cluster_ids: only what these clusters look after; None for everything
    """
    statement = (
        select(Challenge)
        .where(Challenge.state == ChallengeState.IN_REVIEW)
        .options(joinedload(Challenge.owner), joinedload(Challenge.curating_cluster))
        .order_by(Challenge.submitted_at, Challenge.id)
    )
    if cluster_ids is not None:
        statement = statement.where(Challenge.curating_cluster_id.in_(cluster_ids))
    return session.scalars(statement).all()


def reviewers(session: Session, challenge: Challenge) -> Sequence[User]:
    """Return who is asked for a review: the cluster's people, or the region where none can."""
    cluster_id = challenge.curating_cluster_id
    if cluster_id is None or cluster_id == challenge.owner_id:
        return regional_developers(session)
    owners = {user.id for user in acting_people(session, challenge.owner_id)}
    independent = [user for user in acting_people(session, cluster_id) if user.id not in owners]
    return independent or regional_developers(session)


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
        .order_by(*_order(order))
    )
    return paginate(session, statement, number=number, size=size)


def count_public(session: Session, wanted: ChallengeFilter) -> int:
    """Return how many public challenges there are of this sort."""
    return session.scalar(_public(select(func.count(Challenge.id)), wanted)) or 0


def public_ids(session: Session, wanted: ChallengeFilter) -> set[int]:
    """Return the ids of all public challenges of this sort."""
    return set(session.scalars(_public(select(Challenge.id), wanted)))


def challenges_by_id(session: Session, challenge_ids: Collection[int]) -> Sequence[Challenge]:
    """Return some challenges with their owners, the newest first."""
    statement = select(Challenge).where(Challenge.id.in_(challenge_ids))
    statement = statement.options(joinedload(Challenge.owner))
    return session.scalars(statement.order_by(*_order(Order.NEWEST))).all()


@dataclass(frozen=True)
class FacetCounts:
    """How many public challenges there would be with each value of a facet ticked alone."""

    stages: Counter[Stage]
    fields: Counter[str]
    languages: Counter[str]
    kinds: Counter[OrganisationKind]
    clusters: Counter[int]


def facet_counts(session: Session, wanted: ChallengeFilter) -> FacetCounts:
    """Count by every facet, each under what is chosen in the others: one look at all of them."""
    # As the database has them: only the few different values become members of lists.
    state, kind = type_coerce(Challenge.state, String), type_coerce(Organisation.kind, String)
    columns: list[Any] = [
        state, _field_list(), Challenge.lang, kind, Challenge.curating_cluster_id,
    ]  # fmt: skip
    every: Any = select(*columns)
    statement = _public(every, ChallengeFilter(text=wanted.text))
    found = list(zip(*session.execute(statement), strict=True)) or [()] * len(columns)
    states = {state for stage in wanted.stages for state in STATES_OF_STAGE[stage]}
    chosen = (states, wanted.fields, wanted.languages, wanted.kinds, wanted.clusters)
    fits = {
        facet: [_is_chosen(value, facet, each) for value in found[facet]]
        for facet, each in enumerate(chosen)
        if each
    }

    def counted(facet: int) -> Counter[Any]:
        others = [fit for other, fit in fits.items() if other != facet]
        left = map(all, zip(*others, strict=True))
        return Counter(compress(found[facet], left) if others else found[facet])

    by_state, by_fields, by_language, by_kind, by_cluster = map(counted, range(len(chosen)))
    fields: Counter[str] = Counter()
    for field_ids, count in by_fields.items():
        fields.update(dict.fromkeys(json.loads(field_ids), count))
    stages = {stage: sum(by_state[each] for each in STATES_OF_STAGE[stage]) for stage in Stage}
    kinds = {OrganisationKind(kind): count for kind, count in by_kind.items()}
    return FacetCounts(Counter(stages), fields, by_language, Counter(kinds), by_cluster)


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


def _order(order: Order) -> Sequence[ColumnElement[Any]]:
    if order is Order.NEWEST:
        return Challenge.opened_at.desc(), Challenge.id.desc()
    is_open = Challenge.state == ChallengeState.OPEN
    return (
        case((is_open, 0), else_=1),
        case((is_open, Challenge.closes_at)),
        Challenge.closes_at.desc(),
        Challenge.id.desc(),
    )


def review_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked for a review any more, if so."""
    challenge = session.get(Challenge, ids["challenge_id"])
    is_waiting = challenge is not None and challenge.state is ChallengeState.IN_REVIEW
    return None if is_waiting else N_("The review is done.")


def answers_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked for what only an open challenge needs, if so."""
    challenge = session.get(Challenge, ids["challenge_id"])
    is_open = challenge is not None and challenge.state is ChallengeState.OPEN
    return None if is_open else N_("The challenge takes no answers any more.")
