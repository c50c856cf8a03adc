"""What the pages about pilots show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.challenges.models import Challenge
from app.challenges.pages.reading import Addition, Part, Step
from app.core import journal
from app.core.database import DbSession
from app.core.i18n import gettext
from app.core.journal import Event
from app.core.pagination import Page
from app.core.parts import Piece
from app.organisations.policy import Actor
from app.pilots import policy, queries
from app.pilots.models import (
    Extension,
    Indicator,
    Pilot,
    PilotState,
    PublicPart,
    Replication,
    Side,
    Verdict,
)
from app.pilots.policy import Gap
from app.pilots.queries import PilotFilter
from app.sites.models import Site
from app.sites.queries import SiteFilter, offered
from app.taxonomy.models import application_fields

Options = Sequence[tuple[str, str]]
PUBLIC_STATES = (
    PilotState.RUNNING, PilotState.REPORTED, PilotState.COMPLETED, PilotState.STOPPED,
)  # fmt: skip


@dataclass(frozen=True)
class PilotPage:
    """A pilot as this person may see it, and what they can do."""

    parts: frozenset[PublicPart]
    is_insider: bool
    sides: Sequence[Side]
    signed_by: frozenset[Side]
    gaps: Sequence[Gap]
    waiting: Extension | None
    """The longer term that waits for a signature, for those concerned."""
    missing: Sequence[Indicator]
    own_hidden: frozenset[str]
    hidden_options: Options
    replications: Sequence[Replication]
    may_replicate: bool
    history: Sequence[Event]

    @property
    def side(self) -> Side | None:
        """The side for which this person acts, if there is one."""
        return self.sides[0] if self.sides else None


def pilot_page(session: DbSession, pilot: Pilot, actor: Actor) -> PilotPage:
    """Return the page of one pilot."""
    sides = policy.sides_of(actor, pilot)
    is_insider = policy.is_insider(actor, pilot)
    own = pilot.hidden_by_owner if Side.OWNER in sides[:1] else pilot.hidden_by_responder
    return PilotPage(
        parts=policy.shown_parts(actor, pilot),
        is_insider=is_insider,
        sides=sides,
        signed_by=pilot.signed_by,
        gaps=policy.gaps(pilot) if pilot.state is PilotState.DRAFT else (),
        waiting=policy.open_extension(pilot) if is_insider else None,
        missing=policy.without_result(pilot.indicators),
        own_hidden=frozenset(own),
        hidden_options=[(part.value, part.label) for part in PublicPart],
        replications=queries.replications_of(session, pilot.id),
        may_replicate=bool(policy.may_replicate(actor, pilot)),
        history=journal.history(session, pilot) if is_insider else (),
    )


@dataclass(frozen=True)
class PilotsPage:
    """The public list of pilots with its filters."""

    found: Page[Pilot]
    wanted: PilotFilter
    fields: Options
    clusters: Mapping[str, str]
    """Names by what stands for them in the address."""
    verdicts: Options
    states: Options

    @property
    def is_filtered(self) -> bool:
        """Whether the address asks for less than everything."""
        return self.wanted != PilotFilter()


def pilots_page(session: DbSession, query: Mapping[str, str], number: int) -> PilotsPage:
    """Return one page of the list as the address asks for it; unknown values are left out."""
    field, verdict, state = (query.get(name, "") for name in ("field", "verdict", "state"))
    wanted = PilotFilter(
        field=field if field in application_fields() else "",
        cluster=query.get("cluster", ""),
        verdict=verdict if verdict in list(Verdict) else "",
        state=state if state in PUBLIC_STATES else "",
    )
    return PilotsPage(
        found=queries.public_list(wanted).page(session, number=number),
        wanted=wanted,
        fields=[(each.id, each.label) for each in application_fields().values()],
        clusters=queries.clusters_with_pilots(session),
        verdicts=[(each.value, each.label) for each in Verdict],
        states=[(each.value, each.label) for each in PUBLIC_STATES],
    )


def sites_to_choose(session: DbSession, pilot: Pilot) -> Options:
    """Return the sites that take pilots, and the one that the sheet names already."""
    sites: list[Site] = list(session.scalars(offered(SiteFilter())))
    if pilot.site is not None and pilot.site not in sites:
        sites.append(pilot.site)
    return [(str(site.id), f"{site.name}, {site.place}") for site in sites]


@dataclass(frozen=True)
class ChallengesPilots:
    """The pilots of a challenge that this person may know of, and where it comes from."""

    pilots: Sequence[Pilot]
    origin: Replication | None


def addition(session: DbSession, challenge: Challenge, actor: Actor, _now: datetime) -> Addition:
    """Return what pilots bring to the page of a challenge."""
    pilots = [p for p in queries.pilots_of(session, challenge.id) if policy.can_view(actor, p)]
    origin = queries.origin_of(session, challenge.id)
    shown = ChallengesPilots(pilots, origin)
    parts = (Part("aside", "pilots/_of_challenge.html", shown),) if pilots or origin else ()
    return Addition(steps=tuple(_steps(session, challenge, actor)), parts=parts)


def _steps(session: DbSession, challenge: Challenge, actor: Actor) -> Iterable[Step]:
    acting = [organisation.id for organisation in actor.acting_organisations]
    if not acting:
        return
    waiting = queries.accepted_without_pilot(session, acting, challenge_id=challenge.id)
    for response in waiting:
        words = gettext("Agree on a pilot with %(name)s")
        is_owner = actor.acts_for(challenge.owner_id)
        other = response.organisation if is_owner else challenge.owner
        yield Step(f"/responses/{response.id}/pilot", words % {"name": other.name})


def at_site(session: DbSession, site: Site, _actor: Actor) -> Sequence[Piece]:
    """Return what pilots bring to the page of a site: those that do not hide where they are."""
    found = queries.public_pilots_at(session, site.id)
    pilots = [pilot for pilot in found if PublicPart.SITE not in pilot.hidden_parts]
    return (Piece("pilots/_at_site.html", pilots),) if pilots else ()


@dataclass(frozen=True)
class Waiting:
    """Something to do about a pilot, for "my work"."""

    title: str
    lang: str
    path: str
    step: str
    state: str
    for_whom: str
    due: date | None


def waiting_for(session: DbSession, actor: Actor) -> list[Waiting]:
    """Return what waits for this person in pilots, the earliest due first."""
    acting = [organisation.id for organisation in actor.acting_organisations]
    tasks = [
        Waiting(
            title=response.title or response.challenge.title,
            lang=response.lang,
            path=f"/responses/{response.id}/pilot",
            step=gettext("Begin the sheet of the pilot"),
            state=response.state.label,
            for_whom=response.organisation.name,
            due=None,
        )
        for response in queries.accepted_without_pilot(session, acting)
    ]
    for pilot in queries.live_pilots_of(session, acting):
        step, page, due = _next_step(pilot, policy.sides_of(actor, pilot))
        other = policy.organisation_of(pilot, _other(policy.sides_of(actor, pilot)))
        path = f"/pilots/{pilot.id}{page}"
        state = pilot.state.label
        tasks.append(Waiting(pilot.title, pilot.lang, path, step, state, other.name, due))
    return sorted(tasks, key=lambda task: task.due or date.max)


def _other(sides: Sequence[Side]) -> Side:
    return Side.RESPONDER if sides[:1] == (Side.OWNER,) else Side.OWNER


def _next_step(pilot: Pilot, sides: Sequence[Side]) -> tuple[str, str, date | None]:
    """Return what to do, on which page, and by when."""
    if pilot.state is PilotState.DRAFT:
        has_signed = bool(pilot.signed_by & set(sides))
        words = (
            gettext("The other side signs next") if has_signed else gettext("Agree on the sheet")
        )
        return words, "", pilot.starts_on
    if pilot.state is PilotState.AGREED:
        return gettext("Begins by itself on its first day"), "", pilot.starts_on
    if pilot.state is PilotState.REPORTED:
        if Side.OWNER in sides:
            return gettext("Judge the results and decide"), "/decision", None
        return gettext("The owner decides on the results"), "", None
    return _running_step(pilot, sides)


def _running_step(pilot: Pilot, sides: Sequence[Side]) -> tuple[str, str, date | None]:
    longer = policy.open_extension(pilot)
    if longer is not None and longer.side not in sides:
        return gettext("Sign the longer term, or decline it"), "/extension", pilot.ends_on
    due = policy.next_due(pilot)
    report = next((r for r in pilot.reports if r.handed_in_at is None and r.due_on == due), None)
    if Side.RESPONDER not in sides:
        return gettext("Note results as they come"), "/results", due
    if report is not None:
        words = gettext("Hand in interim report %(number)s") % {"number": report.number}
        return words, f"/reports/{report.id}", due
    return gettext("Note the results and report them"), "/results", due
