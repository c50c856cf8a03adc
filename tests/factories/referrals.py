"""Referrals between clusters."""

from app.challenges.models import Challenge
from app.organisations.models import Organisation
from app.referrals.models import Referral, ReferralKind, ReferralState
from tests.factories import EARLIER, save


def make_referral(
    challenge: Challenge, cluster: Organisation, organisation: Organisation | None = None
) -> Referral:
    """Return a challenge, or a candidate for one, that waits for a cluster's answer."""
    return save(
        Referral(
            kind=ReferralKind.CANDIDATE if organisation else ReferralKind.CHALLENGE,
            state=ReferralState.PROPOSED,
            challenge_id=challenge.id,
            organisation_id=organisation.id if organisation else None,
            from_id=challenge.curating_cluster_id,
            to_cluster_id=cluster.id,
            note="It is about batteries rather than ships.",
            created_at=EARLIER,
            created_by_name="Cora Curator",
        )
    )
