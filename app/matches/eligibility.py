"""Who may appear on a list at all: hard filters with names, the same for every page that tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.challenges.models import Challenge
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.organisations.models import OrganisationKind
from matching.eligibility import Eligibility, Filter, sift


class Hurdle(LabelledEnum):
    """A filter that keeps an organisation off every list of a challenge, whatever it can do."""

    UNVERIFIED = "unverified", N_("The organisation is not verified yet.")
    NO_PROFILE = "no_profile", N_("The profile holds no sentence yet.")
    WRONG_KIND = "wrong_kind", N_("The challenge asks organisations of other kinds.")
    WRONG_COUNTRY = "wrong_country", N_("The challenge asks organisations from other countries.")
    IS_OWNER = "is_owner", N_("The organisation owns this challenge.")
    IS_CURATOR = "is_curator", N_("The organisation looks after this challenge as its cluster.")


class Applicant(Protocol):
    """What the filters look at; an organisation has it."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> OrganisationKind: ...
    @property
    def country(self) -> str: ...
    @property
    def verified_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Facts:
    """What the filters know of an organisation beyond what its passages say."""

    organisation: Applicant
    has_profile: bool


@dataclass(frozen=True)
class Alike:
    """What the filters look at, where many organisations have it in common; then ``id`` is 0."""

    id: int
    kind: OrganisationKind
    country: str
    verified_at: datetime | None


@dataclass(frozen=True)
class Crowd:
    """Organisations that the filters cannot tell apart, so that they are counted, not loaded."""

    facts: Facts
    count: int
    members: int = 0
    """How many of them belong to the cluster that looks after the challenge."""


def filters_of(challenge: Challenge) -> list[Filter[Facts]]:
    """Return the filters that a challenge sets, each named by its hurdle."""
    return [
        Filter(Hurdle.UNVERIFIED, lambda facts: facts.organisation.verified_at is not None),
        Filter(Hurdle.NO_PROFILE, lambda facts: facts.has_profile),
        Filter.any_of(
            Hurdle.WRONG_KIND, lambda facts: [facts.organisation.kind], challenge.answer_kinds
        ),
        Filter.any_of(
            Hurdle.WRONG_COUNTRY,
            lambda facts: [facts.organisation.country],
            challenge.answer_countries,
        ),
        Filter(Hurdle.IS_OWNER, lambda facts: facts.organisation.id != challenge.owner_id),
        Filter(
            Hurdle.IS_CURATOR,
            lambda facts: facts.organisation.id != challenge.curating_cluster_id,
        ),
    ]


def eligibility_of(challenge: Challenge, every: Iterable[Facts]) -> Eligibility:
    """Return whose profile may be listed, by the keys that the engine knows, and why not whose."""
    facts: Mapping[str, Facts] = {str(each.organisation.id): each for each in every}
    return sift(filters_of(challenge), facts)


@dataclass(frozen=True)
class Cost:
    """What one hurdle costs: how many it keeps off, and how many of them for it alone."""

    hurdle: Hurdle
    keeps_off: int
    alone: int


@dataclass(frozen=True)
class Reach:
    """How many organisations a challenge could be answered by, and what each hurdle costs."""

    total: int
    eligible: int
    costs: tuple[Cost, ...]


OWN_CHOICES = frozenset({Hurdle.WRONG_KIND, Hurdle.WRONG_COUNTRY})
"""Hurdles that the owner of a challenge sets, and may lower."""


def reach_of(challenge: Challenge, everybody: Iterable[Crowd]) -> Reach:
    """Return the funnel of a challenge over these organisations: the one its matching uses."""
    met = [(hurdles_of(challenge, crowd.facts), crowd.count) for crowd in everybody]
    costs = (
        Cost(
            hurdle,
            keeps_off=sum(count for hurdles, count in met if hurdle in hurdles),
            alone=sum(count for hurdles, count in met if hurdles == (hurdle,)),
        )
        for hurdle in Hurdle
    )
    return Reach(
        total=sum(count for _, count in met),
        eligible=sum(count for hurdles, count in met if not hurdles),
        costs=tuple(cost for cost in costs if cost.keeps_off),
    )


def hurdles_of(challenge: Challenge, facts: Facts) -> tuple[Hurdle, ...]:
    """Return every filter that keeps this organisation off the lists of a challenge."""
    return tuple(Hurdle(each.name) for each in filters_of(challenge) if not each.admits(facts))
