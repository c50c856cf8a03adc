"""What the pages of matches show."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from app.challenges.models import Challenge, Requirement, Section
from app.challenges.pages.reading import Part
from app.core.database import DbSession
from app.core.i18n import N_, gettext
from app.core.jobs import UNFINISHED, Job, JobState
from app.core.pagination import PAGE_SIZE, Page
from app.matches import queries
from app.matches.cards import card_of, chosen_cards, outlines_of
from app.matches.crowds import everybody
from app.matches.eligibility import OWN_CHOICES, Cost, Reach, reach_of
from app.matches.forms import MatchFilter
from app.matches.list_items import ListItem, items_of
from app.matches.models import EvidenceLine, Match, MatchRun, MatchState
from app.matches.policy import ClusterName, MatchCard, MatchOutline
from app.organisations.models import OrganisationKind
from app.organisations.policy import Actor


@dataclass(frozen=True)
class Facets:
    """How many matches each choice of the filter would show by itself; drawn once for the same."""

    kinds: tuple[tuple[OrganisationKind, int], ...]
    clusters: tuple[tuple[ClusterName, int], ...]
    states: tuple[tuple[MatchState, int], ...]
    total: int
    must: int
    bridge: int


@dataclass(frozen=True)
class Chip:
    """An active choice, and the address without it."""

    words: str
    href: str


@dataclass(frozen=True)
class MatchList:
    """A challenge's matches as its curator sees them."""

    challenge: Challenge
    run: MatchRun | None
    job: Job | None
    outlines: Sequence[MatchOutline]
    """Whatever is chosen."""
    chosen: MatchFilter
    page: Page[ListItem]

    @property
    def is_waiting(self) -> bool:
        """Whether a run is asked for and not finished."""
        return self.job is not None and self.job.state in UNFINISHED

    @property
    def has_failed(self) -> bool:
        """Whether the newest run was given up."""
        return self.job is not None and self.job.state is JobState.DEAD

    @property
    def dropped(self) -> int:
        """How many are not a fit and hidden for it."""
        return 0 if self.chosen.states else dict(self.facets.states).get(MatchState.DROPPED, 0)

    @cached_property
    def facets(self) -> Facets:
        """Counts for the filter."""
        clusters = Counter(cluster for match in self.outlines for cluster in match.clusters)
        states = Counter(match.state for match in self.outlines)
        kinds = Counter(match.kind for match in self.outlines)
        return Facets(
            kinds=tuple((kind, kinds[kind]) for kind in OrganisationKind if kinds[kind]),
            clusters=tuple(sorted(clusters.items(), key=lambda item: item[0].name)),
            states=tuple((state, states[state]) for state in MatchState if states[state]),
            total=len(self.outlines),
            must=sum(match.backs_every_must for match in self.outlines),
            bridge=sum(match.is_bridge for match in self.outlines),
        )

    @cached_property
    def chips(self) -> list[Chip]:
        """The active choices."""
        chosen, names = self.chosen, {each.id: each.name for each, _ in self.facets.clusters}
        words = {
            **{("kind", kind.value): kind.label for kind in chosen.kinds},
            **{("cluster", str(c)): names.get(c, str(c)) for c in chosen.clusters},
            **{("state", state.value): state.label for state in chosen.states},
            ("evidence", "must"): gettext("Some evidence for every must"),
            ("bridge", "1"): gettext("Only bridges"),
        }
        return [
            Chip(words[name, value], chosen.without(name, value))
            for name, value in chosen.parts()
            if name != "sort"
        ]


def match_list(
    session: DbSession, challenge: Challenge, chosen: MatchFilter, *, number: int
) -> MatchList:
    """Return one page of a challenge's matches."""
    outlines = outlines_of(session, challenge)
    wanted = chosen.sorted(filter(chosen.admits, outlines))
    return MatchList(
        challenge=challenge,
        run=queries.newest_run(session, challenge.id),
        job=queries.newest_run_job(session, challenge.id),
        outlines=outlines,
        chosen=chosen,
        page=Page(items_of(session, challenge, _on_page(wanted, number)), number, len(wanted)),
    )


def cards_page(
    session: DbSession, challenge: Challenge, chosen: MatchFilter, *, number: int
) -> Page[MatchCard]:
    """Return the same page for programs, which are told more of each match and less of the list."""
    wanted = chosen.sorted(filter(chosen.admits, outlines_of(session, challenge)))
    return Page(chosen_cards(session, challenge, _on_page(wanted, number)), number, len(wanted))


def _on_page(wanted: Sequence[MatchOutline], number: int) -> Sequence[MatchOutline]:
    start = (number - 1) * PAGE_SIZE
    return wanted[start : start + PAGE_SIZE]


MOST_BESIDE = 4
"""So many matches fit side by side."""


@dataclass(frozen=True)
class Comparison:
    """A few matches of a challenge, requirement by requirement."""

    challenge: Challenge
    cards: Sequence[MatchCard]
    left_over: int
    """How many more were chosen than fit."""

    def line(self, card: MatchCard, requirement: Requirement) -> EvidenceLine | None:
        """Return what answers a requirement, unless no evidence was gathered yet."""
        return next((each for each in card.evidence if each.position == requirement.position), None)

    def without(self, card: MatchCard) -> str:
        """Return the address of the same comparison without one of them."""
        others = [("cmp", each.match.id) for each in self.cards if each is not card]
        return "?" + urlencode(others)


def comparison(session: DbSession, challenge: Challenge, query: QueryParams) -> Comparison:
    """Return the chosen matches side by side, in the order of the machine's list."""
    chosen = set(query.getlist("cmp"))
    found = [each for each in outlines_of(session, challenge) if str(each.match_id) in chosen]
    found = MatchFilter().sorted(found)
    cards = chosen_cards(session, challenge, found[:MOST_BESIDE])
    return Comparison(challenge, cards, max(0, len(found) - MOST_BESIDE))


@dataclass(frozen=True)
class InvitationPage:
    """An invitation as the invited organisation sees it."""

    card: MatchCard
    may_reply: bool
    is_open: bool
    """Whether the challenge still takes replies and answers."""


def invitation(session: DbSession, match: Match, actor: Actor, now: datetime) -> InvitationPage:
    """Return one invitation with its reasons."""
    return InvitationPage(
        card=card_of(session, match),
        may_reply=actor.acts_for(match.organisation_id),
        is_open=match.challenge.takes_answers(now),
    )


@dataclass(frozen=True)
class ReachMeter:
    """How far a draft reaches: the funnel, and which of its hurdles the owner set."""

    reach: Reach
    own: Sequence[Cost]
    others: Sequence[Cost]


def similar_challenges(session: DbSession, challenge: Challenge, section: Section) -> list[Part]:
    """Return the challenges that ask for the same, for the sections that say what is needed."""
    if section not in {Section.NEED, Section.REQUIREMENTS}:
        return []
    found = queries.similar_to(session, challenge.id)
    return [Part("aside", "matches/_similar.html", found)] if found else []


def beside_conditions(session: DbSession, challenge: Challenge, section: Section) -> list[Part]:
    """Return the reach meter for the section in which an owner says who may answer."""
    if section is not Section.CONDITIONS:
        return []
    reach = reach_of(challenge, everybody(session, challenge))
    meter = ReachMeter(
        reach=reach,
        own=[cost for cost in reach.costs if cost.hurdle in OWN_CHOICES],
        others=[cost for cost in reach.costs if cost.hurdle not in OWN_CHOICES],
    )
    return [Part("aside", "matches/_reach.html", meter)]


def matching_check(session: DbSession, challenge: Challenge) -> str | None:
    """Return what is missing while nobody has been looked for since it was handed in."""
    run, since = queries.newest_run(session, challenge.id), challenge.submitted_at
    if run is not None and (since is None or run.created_at >= since):
        return None
    return N_("Wait until the matching has run: it looks for who can answer.")
