"""The public directory, members of clusters, and who waits to be verified: lists and counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, String, bindparam, cast, func, select
from sqlalchemy.orm import Session, load_only

from app.core.pagination import PAGE_SIZE, Page, Prepared, prepared
from app.organisations.models import ClusterMembership, Organisation, OrganisationKind

Value = TypeVar("Value", bound=str)


def verified_clusters(session: Session) -> Sequence[Organisation]:
    """Return the clusters that a regional developer verified, by name."""
    statement = select(Organisation).where(
        Organisation.kind == OrganisationKind.CLUSTER, Organisation.verified_at.is_not(None)
    )
    return session.scalars(statement.order_by(Organisation.name)).all()


_CLUSTER_NAMES = (
    select(Organisation.id, Organisation.slug, Organisation.name)
    .where(Organisation.kind == OrganisationKind.CLUSTER, Organisation.verified_at.is_not(None))
    .order_by(Organisation.name)
)


def cluster_names(session: Session) -> Mapping[int, str]:
    """Return the names of the same clusters by their ids, in the same order."""
    return {row.id: row.name for row in session.execute(_CLUSTER_NAMES)}


def cluster_names_by_slug(session: Session) -> Mapping[str, str]:
    """Return the same by the names in their addresses."""
    return {row.slug: row.name for row in session.execute(_CLUSTER_NAMES)}


@dataclass(frozen=True)
class DirectoryFilter:
    """What a visitor of the directory looks for; empty means everything."""

    words: str = ""
    kinds: tuple[OrganisationKind, ...] = ()
    cluster: str = ""
    country: str = ""
    city: str = ""
    field: str = ""
    """Id of an application field; clusters do not count, whatever their members do."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the WHERE clauses; only verified organisations are public."""
        wanted: list[ColumnElement[bool]] = [Organisation.verified_at.is_not(None)]
        for word in self.words.split()[:8]:
            in_name = Organisation.name.icontains(word, autoescape=True)
            wanted.append(in_name | Organisation.city.icontains(word, autoescape=True))
        if self.kinds:
            wanted.append(Organisation.kind.in_(self.kinds))
        if self.cluster:
            wanted.append(Organisation.id.in_(_member_ids(self.cluster)))
        if self.country:
            wanted.append(Organisation.country == self.country)
        if self.city:
            wanted.append(Organisation.city == self.city)
        if self.field:
            # Ids are slugs, so the quoted id is found in the list's JSON text and nowhere else.
            ids = cast(Organisation.field_ids, String)
            wanted.append(ids.contains(f'"{self.field}"', autoescape=True))
            wanted.append(Organisation.kind != OrganisationKind.CLUSTER)
        return wanted


def _member_ids(cluster_slug: str) -> Select[int]:
    cluster_id = select(Organisation.id).where(Organisation.slug == cluster_slug).scalar_subquery()
    return select(ClusterMembership.member_id).where(ClusterMembership.cluster_id == cluster_id)


def directory(wanted: DirectoryFilter) -> Select[Organisation]:
    """Return the SELECT of the public directory, by name."""
    statement = select(Organisation).where(*wanted.conditions())
    return statement.order_by(func.lower(Organisation.name), Organisation.id)


_ON_CARDS = load_only(
    Organisation.slug, Organisation.name, Organisation.kind, Organisation.summary,
    Organisation.lang, Organisation.city, Organisation.country, Organisation.verified_at,
    Organisation.is_sample, Organisation.created_at, raiseload=True,
)  # fmt: skip
"""All that cards and tables of organisations show."""


def listed(session: Session, wanted: DirectoryFilter, *, number: int) -> Sequence[Organisation]:
    """Return one page of the public directory, with what cards show."""
    which = {"size": PAGE_SIZE, "skipped": (number - 1) * PAGE_SIZE}
    return session.scalars(_list(wanted).rows, which).all()


@lru_cache
def _list(wanted: DirectoryFilter) -> Prepared[Organisation]:
    return prepared(directory(wanted).options(_ON_CARDS))


@dataclass(frozen=True)
class DirectoryCounts:
    """How many there would be with each choice, all other filters kept, and how many there are."""

    kinds: Mapping[OrganisationKind, int]
    countries: Mapping[str, int]
    cities: Mapping[str, int]
    total: int


def directory_counts(session: Session, wanted: DirectoryFilter) -> DirectoryCounts:
    """Count the directory by all choices: one look at all of them."""
    loose = replace(wanted, kinds=(), country="", city="")
    kinds: Counter[OrganisationKind] = Counter()
    countries: Counter[str] = Counter()
    cities: Counter[str] = Counter()
    total = 0
    for kind, country, city, count in session.execute(_groups(loose)):
        is_kind = not wanted.kinds or kind in wanted.kinds
        is_country = not wanted.country or country == wanted.country
        is_city = not wanted.city or city == wanted.city
        kinds[kind] += count * (is_country and is_city)
        countries[country] += count * is_kind
        cities[city] += count * (is_kind and is_country)
        total += count * (is_kind and is_country and is_city)
    return DirectoryCounts(_in_order(kinds), _in_order(countries), _in_order(cities), total)


@lru_cache
def _groups(wanted: DirectoryFilter) -> Select[OrganisationKind, str, str, int]:
    columns = (Organisation.kind, Organisation.country, Organisation.city)
    return select(*columns, func.count()).where(*wanted.conditions()).group_by(*columns)


def _in_order(counts: "Counter[Value]") -> dict[Value, int]:
    """Return the choices that have a name and would find something, in order."""
    return {value: counts[value] for value in sorted(counts) if value and counts[value]}


def members_of(cluster: Organisation) -> Select[Organisation]:
    """Return the SELECT of a cluster's verified members, by name."""
    return (
        select(Organisation)
        .join(ClusterMembership, ClusterMembership.member_id == Organisation.id)
        .where(ClusterMembership.cluster_id == cluster.id, Organisation.verified_at.is_not(None))
        .order_by(func.lower(Organisation.name), Organisation.id)
    )


def page_of_members(
    session: Session, cluster: Organisation, *, number: int, size: int = PAGE_SIZE
) -> Page[Organisation]:
    """Return one page of a cluster's verified members, with what cards show."""
    return _MEMBERS.page(session, number=number, size=size, cluster_id=cluster.id)


_MEMBERS = prepared(
    select(Organisation)
    .join(ClusterMembership, ClusterMembership.member_id == Organisation.id)
    .where(
        ClusterMembership.cluster_id == bindparam("cluster_id"),
        Organisation.verified_at.is_not(None),
    )
    .order_by(func.lower(Organisation.name), Organisation.id)
    .options(_ON_CARDS)
)


def possible_members(
    session: Session, cluster: Organisation, words: str, *, count: int = 10
) -> Sequence[Organisation]:
    """Return verified organisations that match the words and are not in the cluster yet."""
    present = select(ClusterMembership.member_id).where(ClusterMembership.cluster_id == cluster.id)
    statement = directory(DirectoryFilter(words=words)).where(
        Organisation.id.not_in(present), Organisation.kind != OrganisationKind.CLUSTER
    )
    return session.scalars(statement.limit(count)).all()


def page_of_unverified(session: Session, *, number: int) -> Page[Organisation]:
    """Return one page of organisations that wait for a regional developer, oldest first."""
    return _UNVERIFIED.page(session, number=number)


def unverified() -> Select[Organisation]:
    """Return the SELECT of organisations that wait for a regional developer, oldest first."""
    return (
        select(Organisation)
        .where(Organisation.verified_at.is_(None))
        .order_by(Organisation.created_at, Organisation.id)
    )


_UNVERIFIED = prepared(unverified().options(_ON_CARDS))
