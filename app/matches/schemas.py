"""Matches, their evidence and invitations as the API shows them."""

from datetime import datetime
from typing import Self

from pydantic import Field

from app.challenges.models import RequirementKind
from app.challenges.schemas import ChallengeRef
from app.core.json_api import Body, Shown, example
from app.matches.forms import ReplyForm, WantedForm
from app.matches.models import DropReason, Evidence, EvidenceLine, Match, MatchState, Verdict
from app.matches.policy import ClusterName, MatchCard, Strength
from app.organisations.models import OrganisationKind
from app.organisations.schemas import OrganisationRef


class InvitationReply(ReplyForm, Body):
    """An invited organisation's reply."""

    model_config = example(reply="interested")


class InvitationsWanted(WantedForm, Body):
    """Whether an organisation takes invitations: "yes" or "no"."""

    model_config = example(wanted="no")


class WantedShown(Shown):
    """Whether an organisation takes invitations."""

    slug: str
    wanted: bool


class EvidenceShown(Shown):
    """What a profile says about one requirement: the sentence itself, or that there is none."""

    requirement: str = Field(examples=["R1"])
    requirement_text: str
    requirement_kind: RequirementKind
    verdict: Verdict
    quote: str = Field(description="Word for word from the profile, as it stood in the run.")
    highlights: list[list[int]] = Field(description="Ranges of the quote that carry it.")
    lang: str = Field(description="Language of the quote.")
    source: str
    source_url: str
    passage_id: int | None

    @classmethod
    def of(cls, line: Evidence | EvidenceLine) -> Self:
        """Return one line of evidence."""
        return cls(
            requirement=line.code,
            requirement_text=line.requirement_text,
            requirement_kind=RequirementKind(line.requirement_kind),
            verdict=line.verdict,
            quote=line.quote,
            highlights=line.highlights,
            lang=line.lang,
            source=line.source,
            source_url=line.source_url,
            passage_id=line.passage_id,
        )


class MatchShown(Shown):
    """An organisation matched with a challenge, as those see it who curate."""

    id: int
    organisation: OrganisationRef
    clusters: list[OrganisationRef]
    state: MatchState
    rank: int | None = Field(description="On the machine's list; null: added by hand.")
    strength: Strength | None = Field(description="How strong the evidence is, in a word.")
    is_bridge: bool = Field(description="Whether they come from other clusters only.")
    evidence: list[EvidenceShown]
    position: int | None = Field(description="Order on the shortlist, lowest first, with gaps.")
    note: str
    drop_reason: DropReason | None
    sent_at: datetime | None
    replied_at: datetime | None
    version: int = Field(description="For If-Match.")

    @classmethod
    def of(cls, card: MatchCard) -> Self:
        """Return a match with its reasons."""
        match = card.match
        return cls(
            id=match.id,
            organisation=OrganisationRef.of(card.organisation),
            clusters=[_cluster(each) for each in card.clusters],
            state=match.state,
            rank=card.rank,
            strength=card.strength,
            is_bridge=card.is_bridge,
            evidence=[EvidenceShown.of(line) for line in card.evidence],
            position=match.position,
            note=match.note,
            drop_reason=match.drop_reason,
            sent_at=match.sent_at,
            replied_at=match.replied_at,
            version=match.version,
        )


def _cluster(named: ClusterName) -> OrganisationRef:
    kind = OrganisationKind.CLUSTER
    return OrganisationRef(id=named.id, slug=named.slug, name=named.name, kind=kind)


class MatchChanged(Shown):
    """What became of a match."""

    id: int
    organisation_id: int
    state: MatchState
    position: int | None
    note: str
    version: int

    @classmethod
    def of(cls, match: Match) -> Self:
        """Return a match after a change."""
        return cls.model_validate({name: getattr(match, name) for name in cls.model_fields})


class InvitationShown(Shown):
    """An invitation, as the invited organisation sees it."""

    id: int
    challenge: ChallengeRef
    organisation: OrganisationRef
    state: MatchState
    note: str = Field(description="Why the curators invite, in their words.")
    sent_at: datetime | None
    replied_at: datetime | None

    @classmethod
    def of(cls, match: Match) -> Self:
        """Return an invitation with its challenge and organisation."""
        return cls(
            id=match.id,
            challenge=ChallengeRef.of(match.challenge),
            organisation=OrganisationRef.of(match.organisation),
            state=match.state,
            note=match.note,
            sent_at=match.sent_at,
            replied_at=match.replied_at,
        )


class InvitationRead(InvitationShown):
    """An invitation with the reasons for it."""

    evidence: list[EvidenceShown]
    may_reply: bool
    is_open: bool = Field(description="Whether the challenge still takes replies and answers.")
