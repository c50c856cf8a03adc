"""The second life of an answer as the API shows and takes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field

from app.challenges.schemas import ChallengeRef
from app.core.json_api import Body, Shown
from app.redirections.forms import ConsentForm, ProposalForm, TargetForm
from app.redirections.models import Proposal, ProposalState
from app.redirections.pages import SecondLifePage, Target


class ConsentWritten(ConsentForm, Body):
    """Whether your answer may be proposed for other challenges."""


class Taking(TargetForm, Body):
    """For which other challenge you take your answer over."""


class ProposalWritten(ProposalForm, Body):
    """For which other challenge an answer is proposed, and why it fits."""


class ProposalShown(Shown):
    """A proposal to use the answer for another challenge."""

    id: int
    target: ChallengeRef
    state: ProposalState
    note: str
    proposed_at: datetime
    proposed_by_name: str
    answered_at: datetime | None

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        """Return a proposal."""
        same = ("id", "state", "note", "proposed_at", "proposed_by_name", "answered_at")
        return cls(
            **{name: getattr(proposal, name) for name in same},
            target=ChallengeRef.of(proposal.target),
        )


class TargetShown(Shown):
    """A challenge for which the answer could be used."""

    challenge: ChallengeRef
    common: Sequence[str] = Field(description="Application fields of both, in your language.")

    @classmethod
    def of(cls, target: Target) -> Self:
        """Return a target."""
        return cls(challenge=ChallengeRef.of(target.challenge), common=target.common)


class SecondLifeShown(Shown):
    """Consent and proposals."""

    is_free: bool = Field(description="Whether the answer has no future where it is.")
    consented_at: datetime | None = Field(description="null: nobody may propose it.")
    proposals: Sequence[ProposalShown]
    targets: Sequence[TargetShown] = Field(description="The nearest first.")
    may_decide: bool
    may_propose: bool

    @classmethod
    def of(cls, shown: SecondLifePage) -> Self:
        """Return what the page shows."""
        return cls(
            is_free=shown.is_free,
            consented_at=shown.consent.given_at if shown.consent else None,
            proposals=[ProposalShown.of(proposal) for proposal in shown.proposals],
            targets=[TargetShown.of(target) for target in shown.targets],
            may_decide=shown.may_decide,
            may_propose=shown.may_propose,
        )
