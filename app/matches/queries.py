"""Every SELECT on matches, and what the engine has to know of the rest."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import User
from app.challenges.models import ENDED_STATES, MATCHING_WANTED, PUBLIC_STATES, Challenge
from app.challenges.queries import answers_over, with_people_and_requirements
from app.core.i18n import N_
from app.core.jobs import Job, JobState
from app.core.pagination import Page, paginate
from app.matches.models import (
    UNANSWERED,
    Candidate,
    InvitationStop,
    Match,
    MatchRun,
    MatchState,
    SimilarChallenge,
)
from app.organisations.models import (
    ORGANISATION_VERIFIED,
    ClusterMembership,
    Membership,
    Organisation,
)
from app.organisations.policy import ACTING_ROLES
from app.profiles.models import PROFILE_CHANGED, Passage

MOST_COMPARED = 500
"""So many challenges a draft is compared with, the newest."""
MOST_TOLD = 1000
"""Of so many needs, the newest, the engine learns what needs have in common."""


def matchable_passages(session: Session) -> Sequence[Passage]:
    """Return every passage of every verified organisation, each with its organisation."""
    statement = (
        select(Passage)
        .join(Passage.organisation)
        .where(Organisation.verified_at.is_not(None))
        .options(joinedload(Passage.organisation))
        .order_by(Passage.organisation_id, Passage.id)
    )
    return session.scalars(statement).all()


def matchable_passages_of(session: Session, organisation_ids: Collection[int]) -> Sequence[Passage]:
    """Return the passages of these organisations; none of one that is not verified."""
    statement = (
        select(Passage)
        .join(Passage.organisation)
        .where(Passage.organisation_id.in_(organisation_ids), Organisation.verified_at.is_not(None))
        .options(joinedload(Passage.organisation))
        .order_by(Passage.organisation_id, Passage.id)
    )
    return session.scalars(statement).all()


def changed_organisation_ids(session: Session) -> set[int]:
    """Return the organisations whose profiles wait to be learned."""
    kinds = (PROFILE_CHANGED, ORGANISATION_VERIFIED)
    waiting = select(Job.payload).where(Job.kind.in_(kinds), Job.state == JobState.TODO)
    return {int(payload["organisation_id"]) for payload in session.scalars(waiting)}


def passages_by_id(session: Session, passage_ids: Collection[int]) -> Mapping[int, Passage]:
    """Return those of the passages that still exist."""
    statement = select(Passage).where(Passage.id.in_(passage_ids))
    return {passage.id: passage for passage in session.scalars(statement)}


def challenges_to_compare(session: Session, challenge: Challenge) -> Sequence[Challenge]:
    """Return a challenge and those its owner may know of: public ones and their own."""
    is_known = Challenge.state.in_(PUBLIC_STATES) | (Challenge.owner_id == challenge.owner_id)
    newest = Challenge.id.desc()
    statement = with_people_and_requirements().where(is_known).order_by(newest)
    return session.scalars(statement.limit(MOST_COMPARED)).all()


def told_needs(session: Session) -> Sequence[Row[int, str, str, str, str, str]]:
    """Return id, language, title and texts of the needs of this region that anybody may read.

    Records of others' challenges are left out: those are told in the manner of other places.
    """
    was_public = Challenge.state.in_(ENDED_STATES) & Challenge.opened_at.is_not(None)
    columns = (Challenge.id, Challenge.lang, Challenge.title)
    texts = (Challenge.summary, Challenge.need, Challenge.success_measure)
    statement = (
        select(*columns, *texts)
        .where(Challenge.state.in_(PUBLIC_STATES) | was_public, Challenge.source == "")
        .order_by(Challenge.id.desc())
        .limit(MOST_TOLD)
    )
    return session.execute(statement).all()


def similar_to(session: Session, challenge_id: int) -> Sequence[SimilarChallenge]:
    """Return what was last found to ask for the same, closest first, with owners."""
    statement = (
        select(SimilarChallenge)
        .where(SimilarChallenge.challenge_id == challenge_id)
        .options(joinedload(SimilarChallenge.other).joinedload(Challenge.owner))
        .order_by(SimilarChallenge.closeness.desc(), SimilarChallenge.id)
    )
    return session.scalars(statement).all()


def verified_ids(session: Session, organisation_ids: Collection[int]) -> set[int]:
    """Return those of the organisations that are verified at this moment."""
    statement = select(Organisation.id).where(
        Organisation.id.in_(organisation_ids), Organisation.verified_at.is_not(None)
    )
    return set(session.scalars(statement))


_NEWEST_RUN = (
    select(MatchRun)
    .where(MatchRun.challenge_id == bindparam("challenge_id"))
    .order_by(MatchRun.id.desc())
    .limit(1)
)
_NEWEST_RUN_JOB = (
    select(Job)
    .where(
        Job.kind == MATCHING_WANTED,
        Job.payload["challenge_id"].as_integer() == bindparam("challenge_id"),
    )
    .order_by(Job.id.desc())
    .limit(1)
)


def newest_run(session: Session, challenge_id: int) -> MatchRun | None:
    """Return the newest run of a challenge."""
    return session.scalar(_NEWEST_RUN, {"challenge_id": challenge_id})


def newest_run_job(session: Session, challenge_id: int) -> Job | None:
    """Return the newest job that ranks for this challenge, in whatever state."""
    return session.scalar(_NEWEST_RUN_JOB, {"challenge_id": challenge_id})


def candidate_of(session: Session, run: MatchRun, organisation_id: int) -> Candidate | None:
    """Return an organisation's candidate in a run."""
    statement = select(Candidate).where(
        Candidate.run_id == run.id, Candidate.organisation_id == organisation_id
    )
    return session.scalar(statement)


def ranked_organisation_ids(session: Session, run: MatchRun) -> Sequence[int]:
    """Return who is on the list of a run, best first."""
    statement = (
        select(Candidate.organisation_id)
        .where(Candidate.run_id == run.id, Candidate.rank.is_not(None))
        .order_by(Candidate.rank)
    )
    return session.scalars(statement).all()


def matches_of(session: Session, challenge_id: int) -> Sequence[Match]:
    """Return all matches of a challenge, bare."""
    return session.scalars(select(Match).where(Match.challenge_id == challenge_id)).all()


def match_of(session: Session, challenge_id: int, organisation_id: int) -> Match | None:
    """Return the match of an organisation with a challenge, bare."""
    statement = select(Match).where(
        Match.challenge_id == challenge_id, Match.organisation_id == organisation_id
    )
    return session.scalar(statement)


def match_with_parties(session: Session, match_id: int) -> Match | None:
    """Return a match with its candidate, organisation, challenge, its owner and requirements."""
    statement = (
        select(Match)
        .where(Match.id == match_id)
        .options(
            joinedload(Match.organisation),
            joinedload(Match.candidate),
            joinedload(Match.challenge).options(
                joinedload(Challenge.owner),
                joinedload(Challenge.curating_cluster),
                selectinload(Challenge.requirements),
            ),
        )
    )
    return session.scalar(statement)


def member_ids(session: Session, cluster_id: int) -> set[int]:
    """Return who belongs to a cluster."""
    statement = select(ClusterMembership.member_id).where(
        ClusterMembership.cluster_id == cluster_id
    )
    return set(session.scalars(statement))


def acting_people_by_organisation(
    session: Session, organisation_ids: Collection[int]
) -> defaultdict[int, list[User]]:
    """Return, by organisation, the people who may act for it."""
    statement = (
        select(Membership)
        .where(Membership.organisation_id.in_(organisation_ids), Membership.role.in_(ACTING_ROLES))
        .options(joinedload(Membership.user))
        .order_by(Membership.id)
    )
    found: defaultdict[int, list[User]] = defaultdict(list)
    for membership in session.scalars(statement):
        found[membership.organisation_id].append(membership.user)
    return found


def regional_developers(session: Session) -> Sequence[User]:
    """Return the people who curate where no cluster does."""
    return session.scalars(select(User).where(User.is_regional_developer)).all()


def invitations_of(
    session: Session, organisation_ids: Collection[int], *, page: int
) -> Page[Match]:
    """Return the invitations of these organisations, newest first."""
    statement = (
        select(Match)
        .where(Match.organisation_id.in_(organisation_ids), Match.sent_at.is_not(None))
        .options(
            joinedload(Match.organisation), joinedload(Match.challenge).joinedload(Challenge.owner)
        )
        .order_by(Match.sent_at.desc(), Match.id.desc())
    )
    return paginate(session, statement, number=page)


def stop_of(session: Session, organisation_id: int) -> InvitationStop | None:
    """Return the note that an organisation wants no invitations, if there is one."""
    return session.scalar(
        select(InvitationStop).where(InvitationStop.organisation_id == organisation_id)
    )


def stopped_ids(session: Session, organisation_ids: Collection[int]) -> set[int]:
    """Return those of the organisations that want no invitations."""
    statement = select(InvitationStop.organisation_id)
    return set(
        session.scalars(statement.where(InvitationStop.organisation_id.in_(organisation_ids)))
    )


def invited_since(
    session: Session, organisation_ids: Collection[int], moment: datetime
) -> defaultdict[int, list[datetime]]:
    """Return, by organisation, when it was invited to whatever challenge after a moment."""
    statement = select(Match.organisation_id, Match.sent_at).where(
        Match.organisation_id.in_(organisation_ids), Match.sent_at > moment
    )
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    for organisation_id, sent_at in session.execute(statement):
        if sent_at is not None:
            found[organisation_id].append(sent_at)
    return found


def match_counts(session: Session, challenge_id: int) -> Mapping[MatchState, int]:
    """Return how many matches of a challenge are in each state."""
    statement = (
        select(Match.state, func.count())
        .where(Match.challenge_id == challenge_id)
        .group_by(Match.state)
    )
    return dict(session.execute(statement).all())


def invitation_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be invited or reminded any more, if so."""
    waits = Match.id.in_(ids["match_ids"]) & Match.state.in_(UNANSWERED)
    if session.scalar(select(Match.id).where(waits).limit(1)) is None:
        return N_("The invitation is answered.")
    return answers_over(session, ids)
