"""Referrals as the API shows and takes them."""

from datetime import datetime
from typing import Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.challenges.schemas import ChallengeRef
from app.core.json_api import Body, Shown, example
from app.organisations.models import Organisation
from app.organisations.schemas import OrganisationRef
from app.referrals.forms import AnswerForm, RecommendationForm, ReferralForm
from app.referrals.models import Referral, ReferralKind, ReferralState


class ReferralWritten(ReferralForm, Body):
    """To which cluster or which challenge, and why."""

    model_config = example(target=4, note="It is about batteries rather than ships.")


class ReferralReply(AnswerForm, Body):
    """Whether your cluster takes it; a reason is owed if it does not."""


class Recommended(RecommendationForm, Body):
    """Who is recommended, and what speaks for it."""

    q: SkipJsonSchema[str] = ""


class ReferralShown(Shown):
    """A referral or recommendation, with who brought it."""

    id: int
    kind: ReferralKind
    state: ReferralState
    challenge: ChallengeRef
    organisation: OrganisationRef | None = Field(description="Who is brought in, if anybody.")
    from_organisation: OrganisationRef | None = Field(description="null: the region.")
    to_cluster: OrganisationRef | None
    note: str
    created_at: datetime
    created_by_name: str
    answered_at: datetime | None
    answer_reason: str

    @classmethod
    def of(cls, referral: Referral) -> Self:
        """Return a referral with its ends loaded."""
        same = (
            "id", "kind", "state", "note", "created_at", "created_by_name", "answered_at",
            "answer_reason",
        )  # fmt: skip
        return cls(
            **{name: getattr(referral, name) for name in same},
            challenge=ChallengeRef.of(referral.challenge),
            organisation=_ref(referral.organisation),
            from_organisation=_ref(referral.from_organisation),
            to_cluster=_ref(referral.to_cluster),
        )


def _ref(organisation: Organisation | None) -> OrganisationRef | None:
    return OrganisationRef.of(organisation) if organisation else None
