"""Needs that fit an organisation, and how it stands on a list, as the API shows it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field

from app.challenges.schemas import ChallengeRef
from app.core.json_api import Shown
from app.matches.eligibility import Hurdle
from app.matches.policy import Strength
from app.matches.schemas import EvidenceShown
from app.opportunities.models import Opportunity, Standing


class NeedShown(Shown):
    """A need that an organisation can answer, by what its profile says."""

    challenge: ChallengeRef
    standing: Standing = Field(description="Where it stood when it was compared.")
    rank: int = Field(description="Among the organisation's needs, from 1.")
    strength: Strength = Field(description="How strong the evidence is, in a word.")
    evidence: list[EvidenceShown]

    @classmethod
    def of(cls, opportunity: Opportunity) -> Self:
        """Return one need with its reasons."""
        return cls(
            challenge=ChallengeRef.of(opportunity.challenge),
            standing=opportunity.standing,
            rank=opportunity.rank,
            strength=opportunity.strength,
            evidence=[EvidenceShown.of(line) for line in opportunity.evidence],
        )


class Needs(Shown):
    """The needs that fit an organisation, best first."""

    made_at: datetime | None = Field(description="When its profile was last compared.")
    is_under_way: bool = Field(description="Whether it is being compared now.")
    has_profile: bool
    needs: list[NeedShown]


class Fit(Shown):
    """Why an organisation is, or is not, on the list of a challenge."""

    hurdles: Sequence[Hurdle] = Field(description="What keeps it off at this moment.")
    ways_out: dict[str, str] = Field(description="Hurdle → what would change it.")
    checked_at: datetime | None = Field(description="When its profile was last compared.")
    is_outdated: bool = Field(description="Whether the profile changed since.")
    takes_answers: bool
