"""Every SELECT on pilots."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, cast, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, load_only, selectinload

from app.accounts.models import User
from app.challenges.models import Challenge
from app.challenges.queries import CRITERIA, REQUIREMENTS
from app.core.i18n import N_
from app.core.loading import ListOf
from app.core.pagination import Prepared, prepared
from app.matches.models import SimilarChallenge
from app.organisations.models import Membership, Organisation
from app.organisations.policy import ACTING_ROLES
from app.pilots.models import (
    LIVE_STATES,
    Extension,
    InterimReport,
    Pilot,
    PilotState,
    Replication,
    Verdict,
)
from app.responses.models import Response, ResponseState
from app.responses.queries import PARTNERS
from app.sites.models import Site

_WITH_PARTIES = select(Pilot).options(
    joinedload(Pilot.challenge).options(
        joinedload(Challenge.owner), joinedload(Challenge.curating_cluster)
    ),
    joinedload(Pilot.response).options(
        joinedload(Response.organisation), joinedload(Response.challenge)
    ),
    joinedload(Pilot.site).joinedload(Site.organisation),
)
_PILOT = _WITH_PARTIES.where(Pilot.id == bindparam("pilot_id"))
_IN_ORDER = _WITH_PARTIES.order_by(Pilot.id)
_OF_CHALLENGE = _IN_ORDER.where(Pilot.challenge_id == bindparam("challenge_id"))
_LISTS = [
    ListOf(each)
    for each in (
        Pilot.indicators, Pilot.signatures, Pilot.reports, Pilot.judgements, Pilot.extensions,
    )
]  # fmt: skip


def pilot_by_id(session: Session, pilot_id: int) -> Pilot | None:
    """Return one pilot with all that belongs to it."""
    found = session.scalar(_PILOT, {"pilot_id": pilot_id})
    _complete(session, [found] if found else [])
    return found


def _complete(session: Session, pilots: Sequence[Pilot]) -> None:
    """Load all lists that belong to pilots, to their answers and to their challenges."""
    challenges = {pilot.challenge_id: pilot.challenge for pilot in pilots}.values()
    for each in (REQUIREMENTS, CRITERIA):
        each.load(session, challenges)
    PARTNERS.load(session, {pilot.response_id: pilot.response for pilot in pilots}.values())
    for each in _LISTS:
        each.load(session, pilots)


def report_by_id(session: Session, report_id: int) -> InterimReport | None:
    """Return one interim report."""
    return session.get(InterimReport, report_id)


def live_pilot_of(session: Session, response_id: int) -> Pilot | None:
    """Return the pilot of an answer that is not over, if there is one."""
    return session.scalar(
        select(Pilot).where(Pilot.response_id == response_id, Pilot.state.in_(LIVE_STATES))
    )


def pilots_of(session: Session, challenge_id: int) -> Sequence[Pilot]:
    """Return the pilots of a challenge in the order in which they were begun."""
    found = session.scalars(_OF_CHALLENGE, {"challenge_id": challenge_id}).all()
    _complete(session, found)
    return found


def count_under_way(session: Session, challenge_id: int, *, besides: int) -> int:
    """Return how many other pilots of a challenge have begun and are not over."""
    statement = select(func.count(Pilot.id)).where(
        Pilot.challenge_id == challenge_id,
        Pilot.id != besides,
        Pilot.begun_at.is_not(None),
        Pilot.state.in_(LIVE_STATES),
    )
    return session.scalar(statement) or 0


@dataclass(frozen=True)
class PilotFilter:
    """What somebody looks for; empty means everything."""

    field: str = ""
    cluster: str = ""
    verdict: str = ""
    state: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the WHERE clauses; only what has begun is public."""
        wanted: list[ColumnElement[bool]] = [Pilot.begun_at.is_not(None)]
        if self.field:
            ids = cast(Challenge.field_ids, String)
            wanted.append(ids.contains(f'"{self.field}"', autoescape=True))
        if self.cluster:
            cluster = select(Organisation.id).where(Organisation.slug == self.cluster)
            wanted.append(Challenge.curating_cluster_id == cluster.scalar_subquery())
        if self.verdict:
            wanted.append(Pilot.verdict == Verdict(self.verdict))
        if self.state:
            wanted.append(Pilot.state == PilotState(self.state))
        return wanted


_LAST_FIRST = (func.coalesce(Pilot.ended_at, Pilot.begun_at).desc(), Pilot.id.desc())
_ON_CARDS = (
    Pilot.state, Pilot.verdict, Pilot.is_sample, Pilot.lang, Pilot.title, Pilot.lessons,
    Pilot.hidden_by_owner, Pilot.hidden_by_responder, Pilot.starts_on, Pilot.ends_on,
)  # fmt: skip


def public_pilots(wanted: PilotFilter) -> Select[Pilot]:
    """Return the SELECT of the public list, what ended or began last first."""
    challenge = contains_eager(Pilot.challenge)
    return (
        select(Pilot)
        .join(Pilot.challenge)
        .options(
            challenge.joinedload(Challenge.owner),
            challenge.joinedload(Challenge.curating_cluster),
            joinedload(Pilot.response).joinedload(Response.organisation),
        )
        .where(*wanted.conditions())
        .order_by(*_LAST_FIRST)
    )


@lru_cache
def public_list(wanted: PilotFilter) -> Prepared[Pilot]:
    """Return the same list with no more than cards show."""
    challenge, response = contains_eager(Pilot.challenge), joinedload(Pilot.response)
    name = load_only(Organisation.name, raiseload=True)
    return prepared(
        select(Pilot)
        .join(Pilot.challenge)
        .options(
            load_only(*_ON_CARDS, raiseload=True),
            challenge.load_only(Challenge.id, raiseload=True),
            challenge.joinedload(Challenge.owner).options(name),
            response.load_only(Response.id, raiseload=True),
            response.joinedload(Response.organisation).options(name),
        )
        .where(*wanted.conditions())
        .order_by(*_LAST_FIRST)
    )


def clusters_with_pilots(session: Session) -> Mapping[str, str]:
    """Return the clusters that look after a challenge with a public pilot: slugs and names."""
    return {row.slug: row.name for row in session.execute(_CLUSTERS_WITH_PILOTS)}


_CLUSTERS_WITH_PILOTS = (
    select(Organisation.slug, Organisation.name)
    .where(
        Organisation.id.in_(
            select(Challenge.curating_cluster_id)
            .join(Pilot, Pilot.challenge_id == Challenge.id)
            .where(Pilot.begun_at.is_not(None))
        )
    )
    .order_by(Organisation.name)
)


def public_pilots_at(session: Session, site_id: int) -> Sequence[Pilot]:
    """Return the public pilots that take or took place at a site, the latest first."""
    return session.scalars(public_pilots(PilotFilter()).where(Pilot.site_id == site_id)).all()


def live_pilots_of(session: Session, organisation_ids: Collection[int]) -> Sequence[Pilot]:
    """Return what is under way in which these organisations are one of the two sides."""
    own = Challenge.owner_id.in_(organisation_ids) | Response.organisation_id.in_(organisation_ids)
    statement = (
        select(Pilot)
        .join(Pilot.challenge)
        .join(Pilot.response)
        .options(
            contains_eager(Pilot.challenge).joinedload(Challenge.owner),
            contains_eager(Pilot.response).joinedload(Response.organisation),
            selectinload(Pilot.signatures),
            selectinload(Pilot.reports),
            selectinload(Pilot.extensions),
        )
        .where(own, Pilot.state.in_(LIVE_STATES))
        .order_by(Pilot.ends_on, Pilot.id)
    )
    return session.scalars(statement).all()


def accepted_without_pilot(
    session: Session, organisation_ids: Collection[int], *, challenge_id: int | None = None
) -> Sequence[Response]:
    """Return accepted answers without any pilot, in which these organisations are one side."""
    own = Challenge.owner_id.in_(organisation_ids) | Response.organisation_id.in_(organisation_ids)
    has_pilot = select(Pilot.id).where(Pilot.response_id == Response.id).exists()
    statement = (
        select(Response)
        .join(Response.challenge)
        .options(
            contains_eager(Response.challenge).joinedload(Challenge.owner),
            joinedload(Response.organisation),
        )
        .where(
            own,
            Response.state == ResponseState.ACCEPTED,
            Challenge.ended_at.is_(None),
            ~has_pilot,
        )
        .order_by(Response.id)
    )
    if challenge_id is not None:
        statement = statement.where(Response.challenge_id == challenge_id)
    return session.scalars(statement).all()


def replications_of(session: Session, pilot_id: int) -> Sequence[Replication]:
    """Return the challenges that began with a pilot, with their owners, the earliest first."""
    statement = (
        select(Replication)
        .where(Replication.pilot_id == pilot_id)
        .options(joinedload(Replication.challenge).joinedload(Challenge.owner))
        .order_by(Replication.id)
    )
    return session.scalars(statement).all()


def origin_of(session: Session, challenge_id: int) -> Replication | None:
    """Return the pilot that a challenge takes over, with its owner, if there is one."""
    origin = joinedload(Replication.pilot).joinedload(Pilot.challenge)
    statement = select(Replication).where(Replication.challenge_id == challenge_id)
    return session.scalar(statement.options(origin.joinedload(Challenge.owner)))


def owners_of_similar(session: Session, challenge: Challenge) -> Sequence[User]:
    """Return the people of other owners whose challenges ask for something similar."""
    alike, here = SimilarChallenge, challenge.id
    found = select(alike.other_id).where(alike.challenge_id == here)
    finders = select(alike.challenge_id).where(alike.other_id == here)
    owners = select(Challenge.owner_id).where(
        Challenge.id.in_(found) | Challenge.id.in_(finders),
        Challenge.owner_id != challenge.owner_id,
    )
    acting = select(Membership.user_id).where(
        Membership.organisation_id.in_(owners), Membership.role.in_(ACTING_ROLES)
    )
    statement = select(User).where(User.id.in_(acting)).order_by(User.id)
    return session.scalars(statement).all()


def signing_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked to sign a pilot sheet any more, if so."""
    pilot = session.get(Pilot, ids["pilot_id"])
    is_draft = pilot is not None and pilot.state is PilotState.DRAFT
    return None if is_draft else N_("The pilot sheet is agreed, or the pilot has ended.")


def extension_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked to sign a longer term any more, if so."""
    open_one = select(Extension.id).where(
        Extension.pilot_id == ids["pilot_id"], Extension.settled_at.is_(None)
    )
    is_waiting = session.scalar(open_one.limit(1)) is not None
    over = results_over(session, ids)
    return over if is_waiting else N_("The longer term is signed, or called off.")


def report_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be reminded of an interim report any more, if so."""
    report = session.get(InterimReport, ids["report_id"])
    if report is None or report.handed_in_at is not None:
        return N_("The report is there.")
    return results_over(session, ids)


def results_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be reminded of the results of a pilot any more, if so."""
    pilot = session.get(Pilot, ids["pilot_id"])
    is_running = pilot is not None and pilot.state is PilotState.RUNNING
    return None if is_running else N_("The results are there, or the pilot has ended.")
