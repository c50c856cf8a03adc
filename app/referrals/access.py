"""The only way a route gets a referral."""

from typing import Annotated

from fastapi import Depends, Path

from app.core.database import DbSession
from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.organisations.access import SignedInActor
from app.referrals import queries
from app.referrals.models import BETWEEN_CLUSTERS, Referral

ReferralId = Annotated[int, Path(ge=1, lt=2**31)]


def get_referral(referral_id: ReferralId, actor: SignedInActor, session: DbSession) -> Referral:
    """Return a referral between clusters, for the people of either and for the region.

    :raises NotFound: for everybody else
    """
    referral = queries.referral_by_id(session, referral_id)
    if referral is None or referral.kind not in BETWEEN_CLUSTERS:
        raise NotFound(N_("There is no referral at this address."))
    ends = {referral.from_id, referral.to_cluster_id} - {None}
    if not actor.is_regional_developer and not any(actor.belongs_to(each) for each in ends):
        raise NotFound(N_("There is no referral at this address."))
    return referral


SeenReferral = Annotated[Referral, Depends(get_referral)]


async def get_own_referral(referral: SeenReferral, actor: SignedInActor) -> Referral:
    """Return a referral that this person answers.

    :raises Forbidden: if it is referred to others
    """
    if not actor.acts_for(referral.to_cluster_id):
        raise Forbidden(N_("Only the people of the cluster it is referred to answer it."))
    return referral


OwnReferral = Annotated[Referral, Depends(get_own_referral)]
