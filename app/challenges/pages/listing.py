"""The public list: filters read from the address, their counts, and how to loosen them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from app.challenges import queries
from app.challenges.models import Challenge, ChallengeState
from app.challenges.pages.reading import days_left
from app.challenges.queries import ChallengeFilter, FacetCounts, Order, Stage
from app.core.database import DbSession
from app.core.i18n import LOCALES, gettext, language_name
from app.core.pagination import Page
from app.organisations.models import OrganisationKind
from app.organisations.queries import cluster_names
from app.taxonomy.models import application_fields

MAX_SEARCH_LENGTH = 100
V = TypeVar("V")
FACETS = {
    "stage": "stages",
    "field": "fields",
    "language": "languages",
    "kind": "kinds",
    "cluster": "clusters",
}
"""Name in the address → facet of the filter. (``lang`` is the language of the page.)"""


@dataclass(frozen=True)
class Option:
    """A box of a filter, and how many challenges it would show."""

    value: str
    words: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A group of boxes; ``name`` is the parameter in the address.

    Plain values all the way down: the boxes are drawn once for the same ones.
    """

    name: str
    legend: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> list[Option]:
        """The ticked boxes."""
        return [option for option in self.options if option.is_chosen]


@dataclass(frozen=True)
class Chip:
    """An active filter, and the address of the list without it."""

    words: str
    href: str


@dataclass(frozen=True)
class Loosening:
    """A filter whose removal would show something."""

    words: str
    count: int
    href: str


class Card(NamedTuple):
    """A challenge in the list, in plain values: drawn once for the same ones."""

    id: int
    lang: str
    title: str
    summary: str
    owner_name: str
    owner_kind: OrganisationKind
    place: str | None
    """None where it has a layer of its own."""
    state: ChallengeState
    is_sample: bool
    field_names: tuple[str, ...]
    closes_at: datetime | None
    days_left: int | None

    @classmethod
    def of(cls, challenge: Challenge, now: datetime) -> Self:
        """Return the card of a challenge that came with its owner."""
        return cls(
            challenge.id,
            challenge.lang,
            challenge.title,
            challenge.summary,
            challenge.owner.name,
            challenge.owner.kind,
            challenge.in_public("place"),
            challenge.state,
            challenge.is_sample,
            tuple(field.label for field in challenge.fields),
            challenge.closes_at,
            days_left(challenge, now),
        )


@dataclass(frozen=True)
class ChallengeList:
    """Everything the public list shows."""

    page: Page[Challenge]
    cards: tuple[Card, ...]
    text: str
    order: Order
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    loosenings: tuple[Loosening, ...]
    orders: tuple[Order, ...] = tuple(Order)


def challenge_list(
    session: DbSession, params: QueryParams, *, number: int, now: datetime
) -> ChallengeList:
    """Return the list that an address asks for; unknown values in it are ignored."""
    wanted = read_filter(params)
    order = Order.NEWEST if params.get("sort") == Order.NEWEST else Order.DEADLINE
    rows = queries.listed_challenges(session, wanted, order=order, number=number)
    counts = queries.facet_counts(session, wanted)
    page = Page(rows, number, counts.total)
    facets = _facets(counts, wanted, cluster_names(session))
    return ChallengeList(
        page=page,
        cards=tuple(Card.of(challenge, now) for challenge in page.rows),
        text=wanted.text,
        order=order,
        facets=facets,
        chips=tuple(_chips(params, wanted.text, facets)),
        loosenings=() if page.total else tuple(_loosenings(session, params, wanted, facets)),
    )


def read_filter(params: QueryParams) -> ChallengeFilter:
    """Return the filter that an address holds."""
    return ChallengeFilter(
        text=params.get("q", "").strip()[:MAX_SEARCH_LENGTH],
        stages=frozenset(s for s in Stage if s in params.getlist("stage")),
        fields=frozenset(params.getlist("field")).intersection(application_fields()),
        languages=frozenset(params.getlist("language")) & frozenset(LOCALES),
        kinds=frozenset(k for k in OrganisationKind if k in params.getlist("kind")),
        clusters=frozenset(int(c) for c in params.getlist("cluster") if _is_id(c)),
    )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _facets(
    counts: FacetCounts, wanted: ChallengeFilter, clusters: Mapping[int, str]
) -> tuple[Facet, ...]:
    fields = {field.id: field.label for field in application_fields().values()}
    languages = {code: language_name(code) for code in LOCALES}
    return (
        _facet(
            "stage",
            gettext("State"),
            {stage: stage.label for stage in Stage},
            counts.stages,
            wanted.stages,
        ),
        _facet("field", gettext("Application field"), fields, counts.fields, wanted.fields),
        _facet(
            "language",
            gettext("Language of the text"),
            languages,
            counts.languages,
            wanted.languages,
        ),
        _facet(
            "kind",
            gettext("Kind of owner"),
            {kind: kind.label for kind in OrganisationKind},
            counts.kinds,
            wanted.kinds,
        ),
        _facet(
            "cluster",
            gettext("Cluster that looks after it"),
            clusters,
            counts.clusters,
            wanted.clusters,
        ),
    )


def _facet(
    name: str,
    legend: str,
    words: Mapping[V, str],
    counts: Mapping[V, int],
    chosen: frozenset[V],
) -> Facet:
    options = tuple(
        Option(str(value), label, counts.get(value, 0), value in chosen)
        for value, label in words.items()
        if value in chosen or counts.get(value, 0)
    )
    return Facet(name, legend, options)


def filter_words(wanted: ChallengeFilter, cluster_names: Mapping[int, str]) -> list[str]:
    """Return what a filter lets through, in the reader's language; nothing for everything."""
    fields = application_fields()
    return [
        *([_search_words(wanted.text)] if wanted.text else []),
        *(stage.label for stage in Stage if stage in wanted.stages),
        *(fields[each].label for each in fields if each in wanted.fields),
        *(language_name(code) for code in LOCALES if code in wanted.languages),
        *(kind.label for kind in OrganisationKind if kind in wanted.kinds),
        *(name for id_, name in cluster_names.items() if id_ in wanted.clusters),
    ]


def _search_words(text: str) -> str:
    return gettext("Search: “%(text)s”") % {"text": text}


def _chips(params: QueryParams, text: str, facets: Iterable[Facet]) -> Iterable[Chip]:
    if text:
        yield Chip(_search_words(text), _address_without(params, "q"))
    for facet in facets:
        for option in facet.chosen:
            href = _address_without(params, facet.name, option.value)
            yield Chip(option.words, href)


def _loosenings(
    session: DbSession, params: QueryParams, wanted: ChallengeFilter, facets: Iterable[Facet]
) -> Iterable[Loosening]:
    if wanted.text and (count := queries.count_public(session, wanted.without("text"))):
        yield Loosening(_search_words(wanted.text), count, _address_without(params, "q"))
    for facet in facets:
        if not facet.chosen:
            continue
        if count := queries.count_public(session, wanted.without(FACETS[facet.name])):
            words = ", ".join(option.words for option in facet.chosen)
            yield Loosening(f"{facet.legend}: {words}", count, _address_without(params, facet.name))


def _address_without(params: QueryParams, name: str, value: str | None = None) -> str:
    kept = [
        (key, given)
        for key, given in params.multi_items()
        if key != "page" and not (key == name and value in (None, given))
    ]
    return f"/challenges?{urlencode(kept)}" if kept else "/challenges"
