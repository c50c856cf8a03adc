"""Every SELECT of the first pages and of "my work"."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload

from app.challenges.models import Challenge, ChallengeState
from app.dialogue.queries import followed_by
from app.evaluations.models import Evaluator, EvaluatorState
from app.matches.models import Match, MatchState
from app.organisations.models import ClusterFacts, Organisation, OrganisationKind
from app.organisations.policy import Actor
from app.responses.models import AWAITING_DECISION, PartnerState, Response, ResponsePartner
from app.reviews.models import Decision

NEWEST = 6
SHOWN = 20
"""Rows of one kind on "my work"; what is due first comes first."""
ENDED = frozenset(
    {
        ChallengeState.DECLINED, ChallengeState.COMPLETED, ChallengeState.CANCELLED,
        ChallengeState.ARCHIVED,
    }
)  # fmt: skip

Ids = Collection[int]


@dataclass(frozen=True)
class Figures:
    """How much there is."""

    open_challenges: int
    organisations: int
    clusters: int


def figures(session: Session) -> Figures:
    """Return how many open challenges, verified organisations and clusters there are."""
    is_cluster = Organisation.kind == OrganisationKind.CLUSTER
    verified = Organisation.verified_at.is_not(None)
    is_open = Challenge.state == ChallengeState.OPEN
    return Figures(
        open_challenges=session.scalar(select(func.count(Challenge.id)).where(is_open)) or 0,
        organisations=session.scalar(select(func.count(Organisation.id)).where(verified)) or 0,
        clusters=session.scalar(select(func.count(Organisation.id)).where(verified, is_cluster))
        or 0,
    )


def newest_open_challenges(session: Session, *, count: int = NEWEST) -> Sequence[Challenge]:
    """Return the open challenges that opened last, with their owners."""
    statement = (
        select(Challenge)
        .where(Challenge.state == ChallengeState.OPEN)
        .options(joinedload(Challenge.owner))
        .order_by(Challenge.opened_at.desc(), Challenge.id.desc())
        .limit(count)
    )
    return session.scalars(statement).all()


def open_invitations(
    session: Session, organisation_ids: Ids, *, now: datetime, count: int = SHOWN
) -> Sequence[Match]:
    """Return invitations that wait for a reply, or for an answer after "interested"."""
    has_answer = (
        select(Response.id)
        .where(
            Response.challenge_id == Match.challenge_id,
            Response.organisation_id == Match.organisation_id,
        )
        .exists()
    )
    asked = Match.state.in_({MatchState.SENT, MatchState.SEEN})
    promised = (Match.state == MatchState.INTERESTED) & ~has_answer
    statement = (
        select(Match)
        .join(Match.challenge)
        .where(
            Match.organisation_id.in_(organisation_ids),
            asked | promised,
            Match.not_now_until.is_(None) | (Match.not_now_until <= now),
            Challenge.state == ChallengeState.OPEN,
        )
        .options(contains_eager(Match.challenge).joinedload(Challenge.owner))
        .options(joinedload(Match.organisation))
        .order_by(Challenge.closes_at, Match.id)
        .limit(count)
    )
    return session.scalars(statement).unique().all()


def answers_of(
    session: Session, organisation_ids: Ids, *, count: int = SHOWN
) -> Sequence[Response]:
    """Return what these organisations answered or began to answer, the latest first."""
    statement = (
        select(Response)
        .where(Response.organisation_id.in_(organisation_ids))
        .options(joinedload(Response.challenge), joinedload(Response.organisation))
        .order_by(Response.updated_at.desc(), Response.id.desc())
        .limit(count)
    )
    return session.scalars(statement).all()


def challenges_under_way(
    session: Session, owner_ids: Ids, *, count: int = SHOWN
) -> Sequence[Challenge]:
    """Return the challenges of these owners that are not at their end, the next date first."""
    statement = (
        select(Challenge)
        .where(Challenge.owner_id.in_(owner_ids), Challenge.state.not_in(ENDED))
        .options(joinedload(Challenge.owner))
        .order_by(Challenge.closes_at, Challenge.id)
        .limit(count)
    )
    return session.scalars(statement).all()


def challenges_owned_by(owner_ids: Ids) -> Select[Challenge]:
    """Return the SELECT of all challenges of these owners, what changed last first."""
    return (
        select(Challenge)
        .where(Challenge.owner_id.in_(owner_ids))
        .options(joinedload(Challenge.owner), joinedload(Challenge.curating_cluster))
        .order_by(Challenge.updated_at.desc(), Challenge.id.desc())
    )


def answers_by(organisation_ids: Ids) -> Select[Response]:
    """Return the SELECT of the answers in which these take part, what changed last first."""
    parts = select(ResponsePartner.response_id).where(
        ResponsePartner.organisation_id.in_(organisation_ids),
        ResponsePartner.state != PartnerState.DECLINED,
    )
    return (
        select(Response)
        .where(Response.organisation_id.in_(organisation_ids) | Response.id.in_(parts))
        .options(joinedload(Response.challenge), joinedload(Response.organisation))
        .order_by(Response.updated_at.desc(), Response.id.desc())
    )


def followed(session: Session, actor: Actor, *, count: int = SHOWN) -> Sequence[Challenge]:
    """Return the challenges this person follows and that have not ended, latest followed first."""
    if actor.user is None:
        return []
    found = followed_by(session, actor.user.id, count=count)
    return [challenge for challenge in found if challenge.state not in ENDED]


def decision_counts(session: Session, challenge_ids: Ids) -> dict[int, tuple[int, int]]:
    """Return how many answers wait for a decision, by challenge.

    First those that none is prepared for, then those for which one is prepared, not released.
    """
    prepared = select(Decision.id).where(
        Decision.response_id == Response.id, Decision.released_at.is_(None)
    )
    is_prepared = case((prepared.exists(), 1), else_=0)
    statement = (
        select(Response.challenge_id, func.count(Response.id), func.sum(is_prepared))
        .where(Response.challenge_id.in_(challenge_ids), Response.state.in_(AWAITING_DECISION))
        .group_by(Response.challenge_id)
    )
    rows = session.execute(statement)
    return {challenge_id: (count - ready, ready) for challenge_id, count, ready in rows}


def challenges_to_review(
    session: Session, cluster_ids: Ids | None, *, count: int = SHOWN
) -> Sequence[Challenge]:
    """Return the challenges in review, longest waiting first; ``None`` means every cluster's."""
    statement = select(Challenge).where(Challenge.state == ChallengeState.IN_REVIEW)
    if cluster_ids is not None:
        statement = statement.where(Challenge.curating_cluster_id.in_(cluster_ids))
    statement = statement.options(joinedload(Challenge.owner)).order_by(
        Challenge.submitted_at, Challenge.id
    )
    return session.scalars(statement.limit(count)).all()


def lists_to_curate(
    session: Session, cluster_ids: Ids, *, count: int = SHOWN
) -> Sequence[tuple[Challenge, int]]:
    """Return open or scheduled challenges with how many of their matches nobody sent or dropped."""
    unsent = func.count(Match.id)
    statement = (
        select(Challenge, unsent)
        .join(Match, Match.challenge_id == Challenge.id)
        .where(
            Challenge.curating_cluster_id.in_(cluster_ids),
            Challenge.state.in_({ChallengeState.SCHEDULED, ChallengeState.OPEN}),
            Match.state.in_({MatchState.SUGGESTED, MatchState.ADDED, MatchState.KEPT}),
        )
        .group_by(Challenge.id)
        .options(joinedload(Challenge.owner))
        .order_by(Challenge.closes_at, Challenge.id)
        .limit(count)
    )
    return [(challenge, count) for challenge, count in session.execute(statement)]


def parts_in_panels(session: Session, user_id: int, *, count: int = SHOWN) -> Sequence[Evaluator]:
    """Return where this person is to declare conflicts or to score, with the challenges.

    A part that is done stays until the answers are decided on.
    """
    to_do = Evaluator.state.in_({EvaluatorState.PROPOSED, EvaluatorState.ACTIVE})
    in_panels = Challenge.state.in_({ChallengeState.CLOSED, ChallengeState.EVALUATING})
    is_done = Evaluator.state == EvaluatorState.DONE
    undecided = Challenge.state.in_({ChallengeState.EVALUATING, ChallengeState.SHORTLISTED})
    statement = (
        select(Evaluator)
        .join(Evaluator.challenge)
        .where(
            Evaluator.user_id == user_id,
            (to_do & in_panels) | (is_done & undecided),
        )
        .options(contains_eager(Evaluator.challenge).joinedload(Challenge.owner))
        .order_by(Challenge.decision_on, Evaluator.id)
        .limit(count)
    )
    return session.scalars(statement).all()


def unverified_count(session: Session) -> int:
    """Return how many organisations wait for verification."""
    waiting = Organisation.verified_at.is_(None)
    return session.scalar(select(func.count(Organisation.id)).where(waiting)) or 0


@dataclass(frozen=True)
class Origin:
    """Where records that nobody here wrote come from, and how many."""

    words: str
    count: int


def origins(session: Session) -> tuple[Sequence[Origin], Sequence[Origin]]:
    """Return the sources of organisations and of challenges, the most frequent first."""
    return _origins(session, Organisation.source), _origins(session, Challenge.source)


def _origins(session: Session, column: InstrumentedAttribute[str]) -> list[Origin]:
    number = func.count()
    statement = (
        select(column, number).where(column != "").group_by(column).order_by(number.desc(), column)
    )
    return [Origin(words, count) for words, count in session.execute(statement)]


def cluster_facts(session: Session) -> Sequence[ClusterFacts]:
    """Return what is published about verified clusters, by name."""
    statement = (
        select(ClusterFacts)
        .join(ClusterFacts.organisation)
        .where(Organisation.verified_at.is_not(None))
        .options(contains_eager(ClusterFacts.organisation))
        .order_by(Organisation.name)
    )
    return session.scalars(statement).all()
