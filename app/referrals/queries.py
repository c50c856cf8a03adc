"""Every SELECT on referrals."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.challenges.models import Challenge, ChallengeState
from app.organisations.models import Organisation, OrganisationKind
from app.referrals.models import Referral, ReferralState

SHOWN = 50


def _whole() -> Select[Referral]:
    return select(Referral).options(
        joinedload(Referral.challenge).options(
            joinedload(Challenge.owner), joinedload(Challenge.curating_cluster)
        ),
        joinedload(Referral.organisation),
        joinedload(Referral.from_organisation),
        joinedload(Referral.to_cluster),
    )


def referral_by_id(session: Session, referral_id: int) -> Referral | None:
    """Return a referral with all its parties."""
    return session.scalar(_whole().where(Referral.id == referral_id))


def referrals_about(session: Session, challenge_id: int) -> Sequence[Referral]:
    """Return the referrals and recommendations of a challenge, newest first."""
    statement = _whole().where(Referral.challenge_id == challenge_id)
    return session.scalars(statement.order_by(Referral.id.desc()).limit(SHOWN)).all()


def waiting_for(session: Session, cluster_ids: Collection[int]) -> Sequence[Referral]:
    """Return the referrals that these clusters have not answered, oldest first."""
    statement = _whole().where(
        Referral.to_cluster_id.in_(cluster_ids), Referral.state == ReferralState.PROPOSED
    )
    return session.scalars(statement.order_by(Referral.id).limit(SHOWN)).all()


def is_proposed(session: Session, **parts: Any) -> bool:
    """Whether the same referral waits for an answer already."""
    statement = select(Referral.id).filter_by(state=ReferralState.PROPOSED, **parts)
    return session.scalar(statement.limit(1)) is not None


def other_clusters(session: Session, challenge: Challenge) -> Sequence[Organisation]:
    """Return the verified clusters to which a challenge may be referred, by name."""
    statement = select(Organisation).where(
        Organisation.kind == OrganisationKind.CLUSTER,
        Organisation.verified_at.is_not(None),
        Organisation.id.not_in({challenge.owner_id, challenge.curating_cluster_id or 0}),
    )
    return session.scalars(statement.order_by(Organisation.name)).all()


def others_open_challenges(
    session: Session, challenge: Challenge, organisation: Organisation, now: datetime
) -> Sequence[Challenge]:
    """Return open challenges of other clusters which an organisation might answer."""
    statement = (
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.OPEN,
            Challenge.closes_at.is_(None) | (Challenge.closes_at > now),
            Challenge.curating_cluster_id.is_not(None),
            Challenge.curating_cluster_id.not_in(
                {challenge.curating_cluster_id or 0, organisation.id}
            ),
            Challenge.owner_id != organisation.id,
        )
        .options(joinedload(Challenge.curating_cluster))
        .order_by(Challenge.closes_at, Challenge.id)
        .limit(SHOWN)
    )
    found = session.scalars(statement).all()
    return [each for each in found if each.admits(organisation)]
