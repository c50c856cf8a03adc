"""The closed lists of monitoring: steps, measures, periods; and what was counted last."""

from datetime import date, datetime, timedelta

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.challenges.models import ChallengeState, RequirementKind
from app.core.database import Base
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.matches.models import MatchState
from app.matches.policy import LEAST_SCORES, Strength

FIRST_PLACES = 10
"""Whoever stands on so many first places of a list is seen; the library counts them, too."""
GOOD_ABOVE = next(least for least, word in LEAST_SCORES if word is Strength.GOOD) - 0.5
"""A score above this is called good (or strong) on cards, where it is shown rounded."""


class Step(LabelledEnum):
    """How far a challenge has come; it can skip a step."""

    PUBLISHED = "published", N_("Published")
    MATCHED = "matched", N_("With a good match")
    SHORTLISTED = "shortlisted", N_("With a shortlist")
    INVITED = "invited", N_("Invitations sent")
    INTERESTED = "interested", N_("Somebody interested")
    ANSWERED = "answered", N_("Answered")
    SELECTED = "selected", N_("An answer selected")
    PILOT = "pilot", N_("Pilot agreed")
    BOUGHT = "bought", N_("Bought")


class Measure(LabelledEnum):
    """Which matches are counted."""

    GOOD = "good", N_("Good matches")
    SHOWN = "shown", N_("Matches on one of the first ten places")
    SHORTLISTED = "shortlisted", N_("Matches on a shortlist")
    INVITED = "invited", N_("Invitations")
    INTERESTED = "interested", N_("Interested organisations")


class Speed(LabelledEnum):
    """How long a challenge waited for its first good match, from when it was handed in."""

    DAY = "day", N_("Within a day")
    WEEK = "week", N_("Within a week")
    MONTH = "month", N_("Within 30 days")
    LONGER = "longer", N_("Later")
    NEVER = "never", N_("None yet")


class Answered(LabelledEnum):
    """How well any match answers a requirement."""

    MET = "met", N_("Met by somebody")
    PARTLY = "partly", N_("Only partly met")
    NONE = "none", N_("Met by nobody")


class Obstacle(LabelledEnum):
    """Why a challenge does not move on."""

    NO_MATCH = "no_match", N_("No good match")
    NOT_INVITED = "not_invited", N_("Nobody was invited")
    NOBODY_INTERESTED = "nobody_interested", N_("Nobody invited is interested")
    LATE = "late", N_("The promised day of decision has passed")


class Period(LabelledEnum):
    """Which challenges are looked at: those that opened in it."""

    QUARTER = "90d", N_("Last 90 days")
    YEAR = "12m", N_("Last 12 months")
    EVER = "all", N_("Since the beginning")

    @property
    def length(self) -> timedelta | None:
        """How long it is; None without an end."""
        return {self.QUARTER: timedelta(days=90), self.YEAR: timedelta(days=365)}.get(self)

    def since(self, now: datetime) -> datetime | None:
        """Return when it began."""
        return now - self.length if self.length else None


COUNT_WANTED = "monitoring.count_wanted"
"""Job kind: count everything anew, whoever asked."""
COUNT_DAILY = "monitoring.count_daily"
"""Job kind: have everything counted every night."""
COUNT_IF_CHANGED = "monitoring.count_if_changed"
"""Job kind: count anew if the journal has grown since the last count."""
THE_COUNT = 1
"""Id of the one row there is."""


class Count(Base):
    """When everything was counted last; what was counted lies in the tables below."""

    __tablename__ = "monitoring_counts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counted_at: Mapped[datetime]
    journal_number: Mapped[int]
    """How far the journal went then: with the same number nothing has changed."""


class CountedChallenge(Base):
    """A published challenge as it was counted."""

    __tablename__ = "counted_challenges"
    __table_args__ = (Index("ix_counted_challenges_opened_at", "opened_at"),)

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    title: Mapped[str]
    lang: Mapped[str]
    owner_name: Mapped[str]
    state: Mapped[ChallengeState]
    home_id: Mapped[int | None]
    """The cluster that looks after it; None: the region."""
    field_ids: Mapped[list[str]] = mapped_column(JSON)
    submitted_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    decision_on: Mapped[date | None]
    good: Mapped[int]
    shown: Mapped[int]
    shortlisted: Mapped[int]
    bridges: Mapped[int]
    invited: Mapped[int]
    interested: Mapped[int]
    answers: Mapped[int]
    selected: Mapped[int]
    pilots: Mapped[int]
    purchases: Mapped[int]
    first_good_at: Mapped[datetime | None]
    speed: Mapped[Speed]
    obstacle: Mapped[Obstacle | None]
    stuck_days: Mapped[int]
    met: Mapped[int]
    """Requirements that somebody meets; the next two: only partly, and not at all."""
    partly: Mapped[int]
    unmet: Mapped[int]


class CountedPairing(Base):
    """What a challenge has from a cluster; cluster 0 stands for organisations in none."""

    __tablename__ = "counted_pairings"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    cluster_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    good: Mapped[int]
    shown: Mapped[int]
    shortlisted: Mapped[int]
    invited: Mapped[int]
    interested: Mapped[int]
    bridges: Mapped[int]
    is_listed: Mapped[bool]
    """Whether somebody of the cluster is on the machine's list; the rest is about that list."""
    places: Mapped[int]
    share_of_relevance: Mapped[float]
    share_of_exposure: Mapped[float]
    floor: Mapped[int]


class CountedMatch(Base):
    """A match that counts for one of the measures at least."""

    __tablename__ = "counted_matches"
    __table_args__ = (Index("ix_counted_matches_home_id", "home_id", "score"),)

    match_id: Mapped[int] = mapped_column(
        ForeignKey("matches.id", ondelete="CASCADE"), primary_key=True
    )
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    home_id: Mapped[int | None]
    """The cluster that looks after the challenge, here too: whoever may see its matches only finds
    them without asking each match for its challenge. None: the region.
    """
    state: Mapped[MatchState]
    score: Mapped[float | None] = mapped_column(index=True)
    rank: Mapped[int | None]
    good: Mapped[bool]
    shown: Mapped[bool]
    shortlisted: Mapped[bool]
    invited: Mapped[bool]
    interested: Mapped[bool]
    is_bridge: Mapped[bool]
    """On a shortlist, from other clusters only."""


class CountedRequirement(Base):
    """A requirement, and how well any match answers it."""

    __tablename__ = "counted_requirements"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[RequirementKind]
    text: Mapped[str]
    met_by: Mapped[int]
    """Organisations with evidence that they meet it."""
    best: Mapped[Answered]


class CountedField(Base):
    """How many verified organisations name an application field in their profile."""

    __tablename__ = "counted_fields"

    field_id: Mapped[str] = mapped_column(primary_key=True)
    organisations: Mapped[int]
