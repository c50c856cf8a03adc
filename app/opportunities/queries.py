"""Every SELECT on opportunities, and what the engine and the pages have to know of the rest."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, func, select, union
from sqlalchemy.orm import Session, joinedload, selectinload

from app.challenges.models import Challenge, ChallengeState
from app.core.jobs import UNFINISHED, Job
from app.matches.eligibility import Facts
from app.matches.models import Evidence, Match, MatchState
from app.opportunities.models import Feed, FitCheck, Opportunity, Standing
from app.organisations.models import Membership, Organisation
from app.profiles.models import Passage
from app.responses.models import HANDED_IN_STATES, PartnerState, Response, ResponsePartner
from app.responses.policy import UNSEALED_STATES

PAST = 200
"""So many needs without an answer are looked at, the newest first."""


def needs_to_compare(session: Session, *, now: datetime) -> dict[Standing, Sequence[Challenge]]:
    """Return the challenges that a profile is compared with, each with its requirements.

    Records of others are left out of the past ones: whether those were answered is not known here.
    """
    in_time = Challenge.closes_at.is_(None) | (Challenge.closes_at > now)
    is_answered = exists().where(
        Response.challenge_id == Challenge.id, Response.state.in_(HANDED_IN_STATES)
    )
    every = select(Challenge).options(selectinload(Challenge.requirements))
    chosen: dict[Standing, Select[Challenge]] = {
        Standing.OPEN: every.where(Challenge.state == ChallengeState.OPEN, in_time),
        Standing.ANNOUNCED: every.where(Challenge.state == ChallengeState.SCHEDULED),
        Standing.UNANSWERED: every.where(
            Challenge.state.in_(UNSEALED_STATES), Challenge.source == "", ~is_answered
        ).limit(PAST),
    }
    return {
        standing: session.scalars(statement.order_by(Challenge.id.desc())).all()
        for standing, statement in chosen.items()
    }


def settled_challenge_ids(session: Session, organisation_id: int) -> set[int]:
    """Return the challenges that an organisation answers, alone or with others, or declined."""
    joined = (
        select(Response.challenge_id)
        .join(Response.partners)
        .where(
            ResponsePartner.organisation_id == organisation_id,
            ResponsePartner.state == PartnerState.SIGNED,
        )
    )
    answered = select(Response.challenge_id).where(Response.organisation_id == organisation_id)
    declined = select(Match.challenge_id).where(
        Match.organisation_id == organisation_id, Match.state == MatchState.DECLINED
    )
    return set(session.scalars(union(answered, joined, declined)))


def reader_count(session: Session, organisation_id: int) -> int:
    """Return how many people belong to an organisation."""
    statement = select(func.count(Membership.id))
    return session.scalar(statement.where(Membership.organisation_id == organisation_id)) or 0


def organisation_ids_with_people(session: Session) -> Sequence[int]:
    """Return the verified organisations that somebody belongs to and that say something."""
    statement = (
        select(Organisation.id)
        .where(
            Organisation.verified_at.is_not(None),
            exists().where(Membership.organisation_id == Organisation.id),
            exists().where(Passage.organisation_id == Organisation.id),
        )
        .order_by(Organisation.id)
    )
    return session.scalars(statement).all()


def everybodys_facts(session: Session, also: Organisation) -> list[Facts]:
    """Return what the filters know of everybody with a profile, and of one more."""
    statement = select(Organisation).where(
        Organisation.verified_at.is_not(None),
        exists().where(Passage.organisation_id == Organisation.id),
    )
    found = [Facts(each, has_profile=True) for each in session.scalars(statement)]
    if also.id in {each.organisation.id for each in found}:
        return found
    return [*found, facts_of(session, also)]


def facts_of(session: Session, organisation: Organisation) -> Facts:
    """Return what the filters know of one organisation."""
    return Facts(organisation, has_profile=bool(profiled_ids(session, [organisation.id])))


def profile_changed_at(session: Session, organisation_id: int) -> datetime | None:
    """Return when a passage of the profile was last written; None without a profile."""
    statement = select(func.max(Passage.updated_at))
    return session.scalar(statement.where(Passage.organisation_id == organisation_id))


def feed_of(session: Session, organisation_id: int) -> Feed | None:
    """Return when the feed of an organisation was made."""
    return session.get(Feed, organisation_id)


def opportunities_of(session: Session, organisation_id: int) -> Sequence[Opportunity]:
    """Return what was found for an organisation, best first, each with challenge and owner."""
    statement = (
        select(Opportunity)
        .where(Opportunity.organisation_id == organisation_id)
        .options(joinedload(Opportunity.challenge).joinedload(Challenge.owner))
        .order_by(Opportunity.rank)
    )
    return session.scalars(statement).all()


def evidence_by_organisation(
    session: Session, challenge_id: int, organisation_ids: Collection[int]
) -> dict[int, list[Evidence]]:
    """Return what some profiles say about one challenge, where it was looked at."""
    found = select(Opportunity).where(
        Opportunity.challenge_id == challenge_id, Opportunity.organisation_id.in_(organisation_ids)
    )
    checked = select(FitCheck).where(
        FitCheck.challenge_id == challenge_id, FitCheck.organisation_id.in_(organisation_ids)
    )
    rows = [*session.scalars(found), *session.scalars(checked)]
    return {row.organisation_id: row.evidence for row in rows if row.lines}


def profiled_ids(session: Session, organisation_ids: Collection[int]) -> set[int]:
    """Return those of the organisations whose profile holds a passage."""
    statement = select(Passage.organisation_id).where(Passage.organisation_id.in_(organisation_ids))
    return set(session.scalars(statement.distinct()))


def fit_check(session: Session, organisation_id: int, challenge_id: int) -> FitCheck | None:
    """Return an organisation's standing on the list of one challenge, if it was asked for."""
    statement = select(FitCheck).where(
        FitCheck.organisation_id == organisation_id, FitCheck.challenge_id == challenge_id
    )
    return session.scalar(statement)


def is_under_way(session: Session, dedupe_key: str) -> bool:
    """Whether a job of this key is waiting or running."""
    statement = select(Job.id).where(Job.dedupe_key == dedupe_key, Job.state.in_(UNFINISHED))
    return session.scalar(statement.limit(1)) is not None


def interested_count(session: Session, challenge_id: int) -> int:
    """Return how many organisations said that they are interested, or have answered."""
    said = select(Match.organisation_id).where(
        Match.challenge_id == challenge_id,
        Match.state.in_({MatchState.INTERESTED, MatchState.CONVERTED}),
    )
    answered = select(Response.organisation_id).where(
        Response.challenge_id == challenge_id, Response.state.in_(HANDED_IN_STATES)
    )
    return session.scalar(select(func.count()).select_from(union(said, answered).subquery())) or 0


def answers_by_organisation(
    session: Session, challenge_id: int, organisation_ids: Collection[int]
) -> dict[int, Response]:
    """Return the answers of some organisations to one challenge, drafts too."""
    statement = (
        select(Response)
        .where(
            Response.challenge_id == challenge_id, Response.organisation_id.in_(organisation_ids)
        )
        .options(joinedload(Response.challenge))
    )
    return {response.organisation_id: response for response in session.scalars(statement)}
