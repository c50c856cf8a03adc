"""What the pages about organisations show."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from starlette.datastructures import QueryParams

from app.core.database import DbSession
from app.core.forms import Form
from app.core.i18n import N_, country_name, gettext, quoted
from app.core.pagination import Page
from app.core.parts import Piece
from app.organisations import policy, queries
from app.organisations.forms import InvitationForm
from app.organisations.models import (
    COUNTRIES,
    ClusterFacts,
    MemberInvitation,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
)
from app.organisations.policy import Actor
from app.organisations.queries import DirectoryFilter
from app.taxonomy.models import ApplicationField, application_fields

FIRST_MEMBERS = 12
ROLE_MEANINGS = {
    MemberRole.MANAGER: N_("invites people, changes the organisation, acts for it"),
    MemberRole.EDITOR: N_("acts for it: challenges, profile, answers"),
    MemberRole.READER: N_("sees what the organisation sees"),
}
Options = Sequence[tuple[str, str]]
Value = TypeVar("Value", bound=str)
Contributor = Callable[[DbSession, Organisation, Actor, datetime], Sequence[Piece]]
"""Asked for each view of an organisation; ``app.main`` lists them, since they lie above this."""


@dataclass(frozen=True)
class FormOptions:
    """What an organisation's form lets people choose from."""

    kinds: Options
    countries: Options
    fields: Options


def form_options() -> FormOptions:
    """Return the options in the reader's language, countries by name."""
    countries = [(code, country_name(code)) for code in COUNTRIES]
    return FormOptions(
        kinds=[(kind.value, kind.label) for kind in OrganisationKind],
        countries=sorted(countries, key=lambda country: country[1].casefold()),
        fields=_field_options(),
    )


def _field_options() -> Options:
    return [(field.id, field.label) for field in application_fields().values()]


@dataclass(frozen=True)
class Chip:
    """An active filter and the query string of the same list without it."""

    words: str
    without: str


@dataclass(frozen=True)
class DirectoryPage:
    """The public directory with its filters."""

    found: Page[Organisation]
    wanted: DirectoryFilter
    kinds: Mapping[OrganisationKind, int]
    countries: Mapping[str, int]
    cities: Mapping[str, int]
    clusters: Mapping[str, str]
    """Names by what stands for them in the address."""
    fields: Options
    chips: Sequence[Chip]


def directory_filter(query: QueryParams) -> DirectoryFilter:
    """Return what the address asks for; kinds that do not exist are left out."""
    kinds = tuple(kind for kind in OrganisationKind if kind in query.getlist("kind"))
    return DirectoryFilter(
        words=query.get("q", "").strip(),
        kinds=kinds,
        cluster=query.get("cluster", ""),
        country=query.get("country", ""),
        city=query.get("city", ""),
        field=query.get("field", "") if query.get("field") in application_fields() else "",
    )


def directory_page(session: DbSession, query: QueryParams, number: int) -> DirectoryPage:
    """Return one page of the directory as the address asks for it."""
    wanted = directory_filter(query)
    clusters = queries.cluster_names_by_slug(session)
    counts = queries.directory_counts(session, wanted)
    return DirectoryPage(
        found=Page(queries.listed(session, wanted, number=number), number, counts.total),
        wanted=wanted,
        kinds=_with(counts.kinds, wanted.kinds),
        countries=_with(counts.countries, [wanted.country]),
        cities=_with(counts.cities, [wanted.city]),
        clusters=clusters,
        fields=_field_options(),
        chips=_chips(query, wanted, clusters),
    )


def _with(counts: Mapping[Value, int], active: Sequence[Value]) -> dict[Value, int]:
    """Add the options that are chosen but fit nothing: the form must show them as chosen."""
    return {**counts, **{value: counts.get(value, 0) for value in active if value}}


def _chips(
    query: QueryParams, wanted: DirectoryFilter, cluster_names: Mapping[str, str]
) -> list[Chip]:
    active = [("q", wanted.words, quoted(wanted.words))] if wanted.words else []
    active += [("kind", kind.value, kind.label) for kind in wanted.kinds]
    if wanted.cluster:
        active.append(("cluster", wanted.cluster, cluster_names.get(wanted.cluster, "?")))
    if wanted.country:
        active.append(("country", wanted.country, country_name(wanted.country)))
    if wanted.city:
        active.append(("city", wanted.city, wanted.city))
    if wanted.field:
        active.append(("field", wanted.field, application_fields()[wanted.field].label))
    return [Chip(words, _without(query, name, value)) for name, value, words in active]


def _without(query: QueryParams, name: str, value: str) -> str:
    kept = [
        (other, text)
        for other, text in query.multi_items()
        if other != "page" and not (other == name and text.strip() == value)
    ]
    return str(QueryParams(kept))


@dataclass(frozen=True)
class OrganisationPage:
    """An organisation as this person may see it."""

    organisation: Organisation
    fields: Sequence[ApplicationField]
    clusters: Sequence[Organisation]
    facts: ClusterFacts | None
    members: Page[Organisation] | None
    belongs: bool
    can_edit: bool
    can_manage: bool
    can_verify: bool
    pieces: Sequence[Piece]


def organisation_page(
    session: DbSession,
    organisation: Organisation,
    actor: Actor,
    now: datetime,
    *,
    contributors: Iterable[Contributor] = (),
) -> OrganisationPage:
    """Return the page of one organisation; a cluster's shows its first members."""
    is_cluster = organisation.kind is OrganisationKind.CLUSTER
    is_waiting = organisation.verified_at is None
    return OrganisationPage(
        organisation=organisation,
        fields=[f for f in application_fields().values() if f.id in organisation.field_ids],
        clusters=queries.clusters_of(session, organisation),
        facts=queries.facts_of(session, organisation) if is_cluster else None,
        members=queries.page_of_members(session, organisation, number=1, size=FIRST_MEMBERS)
        if is_cluster
        else None,
        belongs=actor.belongs_to(organisation.id),
        can_edit=actor.acts_for(organisation.id),
        can_manage=actor.manages(organisation.id),
        can_verify=is_waiting and policy.can_verify(actor),
        pieces=[piece for ask in contributors for piece in ask(session, organisation, actor, now)],
    )


@dataclass(frozen=True)
class PeoplePage:
    """Who belongs to an organisation, and who is invited."""

    organisation: Organisation
    people: Sequence[Membership]
    invitations: Sequence[MemberInvitation]
    can_manage: bool
    roles: Options
    explained_roles: Options
    form: Form[InvitationForm]


def people_page(
    session: DbSession,
    organisation: Organisation,
    actor: Actor,
    *,
    form: Form[InvitationForm] | None = None,
) -> PeoplePage:
    """Return the people page; a refused invitation shows what was typed."""
    return PeoplePage(
        organisation=organisation,
        people=queries.people_of(session, organisation),
        invitations=queries.open_invitations(session, organisation),
        can_manage=actor.manages(organisation.id),
        roles=[(role.value, role.label) for role in MemberRole],
        explained_roles=[
            (role.value, f"{role.label}: {gettext(meaning)}")
            for role, meaning in ROLE_MEANINGS.items()
        ],
        form=form or Form(raw={"role": "editor"}),
    )


@dataclass(frozen=True)
class MembersPage:
    """The members of a cluster, and whom its editors could add."""

    cluster: Organisation
    members: Page[Organisation]
    can_edit: bool
    words: str
    possible: Sequence[Organisation]


def members_page(
    session: DbSession, cluster: Organisation, actor: Actor, *, number: int, words: str
) -> MembersPage:
    """Return one page of members; editors who search get organisations to add."""
    can_edit = actor.acts_for(cluster.id)
    is_searching = can_edit and words
    return MembersPage(
        cluster=cluster,
        members=queries.page_of_members(session, cluster, number=number),
        can_edit=can_edit,
        words=words,
        possible=queries.possible_members(session, cluster, words) if is_searching else (),
    )
