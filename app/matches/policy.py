"""Who may curate and who may reply, and what a match means in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.challenges.models import Challenge, ChallengeState
from app.challenges.policy import is_curator
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover
from app.matches.models import UNANSWERED, Candidate, EvidenceLine, Match, MatchState, Verdict
from app.organisations.models import Organisation, OrganisationKind
from app.organisations.policy import Actor
from app.taxonomy.models import application_fields

CURATION_STATES = frozenset(
    {ChallengeState.IN_REVIEW, ChallengeState.SCHEDULED, ChallengeState.OPEN}
)
"""States of a challenge in which its list may still change."""


NUDGES_AFTER = (timedelta(days=7), timedelta(days=14))
"""When whoever has not replied is reminded, counted from the invitation."""
EXPIRES_AFTER = timedelta(days=21)
NOT_NOW_FOR = timedelta(days=7)
"""So long "not now" lasts; then we ask once more, and wait as long again before it expires."""
CAP_PERIOD = timedelta(days=7)
"""In any such span an organisation gets no more invitations than the installation allows."""


class CurationOver(DomainError):
    """The challenge is too early or too late for curating."""

    def __init__(self) -> None:
        super().__init__(
            N_("The list can change only until the challenge closes for answers, not now.")
        )


class Strength(LabelledEnum):
    """A score in a word."""

    STRONG = "strong", N_("Strong")
    GOOD = "good", N_("Good")
    FAIR = "fair", N_("Fair")
    WEAK = "weak", N_("Weak")


LEAST_SCORES = ((75, Strength.STRONG), (55, Strength.GOOD), (35, Strength.FAIR))
"""The least score of each word but the weakest."""


def strength_of(score: float) -> Strength:
    """Return the word for a score from 0 to 100, as it is shown: rounded."""
    return next((word for least, word in LEAST_SCORES if round(score) >= least), Strength.WEAK)


def may_see_list(actor: Actor, challenge: Challenge) -> bool:
    """Whether they may read the machine's list: the curating cluster and the region."""
    if challenge.state is ChallengeState.DRAFT:
        return False
    return actor.is_regional_developer or actor.belongs_to(challenge.curating_cluster_id)


def curating_mover(actor: Actor, challenge: Challenge) -> Mover:
    """Return in which role they curate this challenge.

    :raises Forbidden: if they do not
    """
    if not is_curator(actor, challenge):
        raise Forbidden(N_("Only the cluster manager of this challenge may do that."))
    return Mover.CURATOR if actor.acts_for(challenge.curating_cluster_id) else Mover.REGION


def check_curation(challenge: Challenge) -> None:
    """Check that the list may still change.

    :raises CurationOver: if it may not
    """
    if challenge.state not in CURATION_STATES:
        raise CurationOver


class Care(LabelledEnum):
    """What the platform does about an invitation without a reply."""

    NUDGE = "nudge", N_("Remind")
    EXPIRE = "expire", N_("Expire")


def next_care(match: Match) -> tuple[datetime, Care] | None:
    """Return what comes next for an invitation without a reply, and when; else None.

    Whoever said "not now" is not reminded any more, only asked again on the day they were told.
    """
    if match.state not in UNANSWERED or match.sent_at is None or match.expires_at is None:
        return None
    if match.nudge_count < len(NUDGES_AFTER) and match.not_now_until is None:
        moment = match.sent_at + NUDGES_AFTER[match.nudge_count]
        if moment < match.expires_at:
            return moment, Care.NUDGE
    return match.expires_at, Care.EXPIRE


def nudges_due(match: Match, now: datetime) -> int:
    """Return how many reminders should have gone out by now; those missed are not made up for."""
    sent_at = match.sent_at or now
    return sum(sent_at + after <= now for after in NUDGES_AFTER)


def free_from(sent: Sequence[datetime], per_week: int, now: datetime) -> datetime:
    """Return from when an organisation may be invited again.

    :param sent: when it was invited, in any order
    """
    counted = sorted(moment for moment in sent if moment > now - CAP_PERIOD)
    if len(counted) < per_week:
        return now
    return counted[len(counted) - per_week] + CAP_PERIOD


def is_bridge(cluster_ids: Collection[int], curating_cluster_id: int | None) -> bool:
    """Whether somebody from other clusters, and only from others, would be brought in."""
    return bool(cluster_ids) and curating_cluster_id not in {None, *cluster_ids}


def fields_in_common(challenge: Challenge, field_ids: Collection[str]) -> tuple[str, ...]:
    """Return the names of the challenge's application fields that are among these."""
    known = application_fields()
    return tuple(known[i].label for i in challenge.field_ids if i in field_ids and i in known)


@dataclass(frozen=True)
class ClusterName:
    """A cluster, as far as lists name it."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True)
class MatchOutline:
    """What a list is filtered, sorted and counted by, of one match."""

    match_id: int
    name: str
    """Of the organisation."""
    kind: OrganisationKind
    state: MatchState
    rank: int | None
    """Place on the machine's list, if it has one."""
    clusters: tuple[ClusterName, ...]
    backs_every_must: bool
    """Whether there is some evidence for each requirement that is a must."""
    is_bridge: bool


@dataclass(frozen=True)
class MatchCard:
    """A match with all that a page says about it."""

    match: Match
    clusters: tuple[ClusterName, ...]
    challenge: Challenge
    evidence: tuple[EvidenceLine, ...] = ()
    """One line a requirement."""

    @property
    def organisation(self) -> Organisation:
        """Who is matched."""
        return self.match.organisation

    @property
    def candidate(self) -> Candidate | None:
        """The evidence, unless none was gathered yet."""
        return self.match.candidate

    @property
    def rank(self) -> int | None:
        """Place on the machine's list, if it has one."""
        return self.candidate.rank if self.candidate else None

    @property
    def strength(self) -> Strength | None:
        """The score in a word."""
        return strength_of(self.candidate.score) if self.candidate else None

    @property
    def points(self) -> tuple[tuple[str, float], ...]:
        """How the score comes about: what earned how many points."""
        return tuple(self.candidate.parts.items()) if self.candidate else ()

    @property
    def found(self) -> list[EvidenceLine]:
        """The lines with a quote."""
        return [line for line in self.evidence if line.verdict is not Verdict.NONE]

    @property
    def missing(self) -> list[EvidenceLine]:
        """The lines without one."""
        return [line for line in self.evidence if line.verdict is Verdict.NONE]

    @property
    def is_bridge(self) -> bool:
        """Whether they come from other clusters than the one that curates."""
        return is_bridge([c.id for c in self.clusters], self.challenge.curating_cluster_id)

    @property
    def cluster_names(self) -> tuple[str, ...]:
        """What the clusters are called."""
        return tuple(cluster.name for cluster in self.clusters)

    @property
    def common_fields(self) -> tuple[str, ...]:
        """Names of the application fields they share with the challenge."""
        return fields_in_common(self.challenge, self.organisation.field_ids)


@dataclass(frozen=True)
class MemberShare:
    """How many of a list belong to one cluster."""

    members: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded; 0 for an empty list."""
        return round(100 * self.members / self.total) if self.total else 0


def member_share(organisation_ids: Collection[int], member_ids: Collection[int]) -> MemberShare:
    """Return the share of an organisation list that belongs to a cluster with these members."""
    members = set(member_ids)
    return MemberShare(sum(each in members for each in organisation_ids), len(organisation_ids))
