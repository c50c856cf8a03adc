"""Challenges: a need, its requirements, and the states it moves through."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import JSON, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.database import Base
from app.core.i18n import N_, TIME_ZONE
from app.core.labels import LabelledEnum
from app.core.state_machine import Act, Mover, StateMachine, arrows
from app.organisations.models import Organisation
from app.taxonomy.models import ApplicationField, application_fields

MATCHING_WANTED = "challenges.matching_wanted"
"""Job kind: rank everybody for a challenge; payload ``{"challenge_id": …}``."""
OPENING = "challenges.opening"
"""Job kind: open a scheduled challenge on its day; payload ``{"challenge_id": …}``."""
CLOSING = "challenges.closing"
"""Job kind: close an open challenge at its deadline; payload ``{"challenge_id": …}``."""
ARCHIVING = "challenges.archiving"
"""Job kind: archive an ended challenge after a year; payload ``{"challenge_id": …}``."""
KEPT_FOR = timedelta(days=365)

ANSWERS_CLOSED = "challenges.answers_closed"
"""Job kind: screen the answers of a closed challenge; payload ``{"challenge_id": …}``."""


class ChallengeState(LabelledEnum):
    """Where a challenge stands."""

    DRAFT = "draft", N_("Draft")
    IN_REVIEW = "in_review", N_("In review")
    CHANGES_REQUESTED = "changes_requested", N_("Changes requested")
    DECLINED = "declined", N_("Not published")
    SCHEDULED = "scheduled", N_("Scheduled")
    OPEN = "open", N_("Open")
    CLOSED = "closed", N_("Closed for answers")
    EVALUATING = "evaluating", N_("Being evaluated")
    SHORTLISTED = "shortlisted", N_("Shortlist released")
    DECIDED = "decided", N_("Decided")
    PILOTING = "piloting", N_("In a pilot")
    COMPLETED = "completed", N_("Completed")
    CANCELLED = "cancelled", N_("Cancelled")
    ARCHIVED = "archived", N_("Archived")


class Mode(LabelledEnum):
    """How a challenge collects answers."""

    DEADLINE = "deadline", N_("One deadline: answers are sealed until then")
    ROLLING = "rolling", N_("Rolling: answers are read as they come, decided in rounds")
    CONSULTATION = "consultation", N_("Market consultation: you ask the market, nothing is chosen")


class Ending(LabelledEnum):
    """What became of a challenge in the end."""

    NO_SUITABLE = "no_suitable", N_("No answer was suitable")
    NEED_CHANGED = "need_changed", N_("The need has changed")
    BOUGHT_ELSEWHERE = "bought_elsewhere", N_("The need was met in another way")
    AWARDED = "awarded_without_pilot", N_("Work goes on with a selected responder, without a pilot")
    CONSULTED = "consulted", N_("The market was heard")


S = ChallengeState
BEFORE_DECISION = frozenset(
    {
        S.DRAFT, S.IN_REVIEW, S.CHANGES_REQUESTED, S.SCHEDULED,
        S.OPEN, S.CLOSED, S.EVALUATING, S.SHORTLISTED,
    }
)  # fmt: skip
"""States from which a challenge can still be cancelled."""
HUMAN_CLOSERS = (Mover.OWNER, Mover.REGION)
MACHINE: StateMachine[ChallengeState] = StateMachine(
    "challenge",
    [
        *arrows([S.DRAFT, S.CHANGES_REQUESTED], S.IN_REVIEW, Mover.OWNER),
        *arrows([S.IN_REVIEW], S.CHANGES_REQUESTED, Mover.CURATOR, Mover.REGION, needs_reason=True),
        *arrows([S.IN_REVIEW], S.DECLINED, Mover.REGION, needs_reason=True),
        *arrows([S.IN_REVIEW], S.SCHEDULED, Mover.CURATOR, Mover.REGION),
        *arrows([S.SCHEDULED], S.OPEN, Mover.TIMER, Mover.REGION),
        *arrows([S.OPEN], S.CLOSED, Mover.TIMER),
        *arrows([S.OPEN], S.CLOSED, *HUMAN_CLOSERS, needs_reason=True),
        *arrows([S.CLOSED], S.OPEN, Mover.REGION, needs_reason=True),
        *arrows([S.CLOSED], S.EVALUATING, Mover.OWNER, Mover.CURATOR),
        *arrows([S.EVALUATING], S.SHORTLISTED, Mover.OWNER),
        *arrows([S.EVALUATING, S.SHORTLISTED], S.DECIDED, Mover.OWNER),
        *arrows([S.DECIDED], S.PILOTING, Mover.OWNER),
        # A consultation chooses nobody; it ends with what was heard.
        *arrows([S.CLOSED, S.DECIDED], S.COMPLETED, Mover.OWNER, needs_reason=True),
        *arrows([S.PILOTING], S.COMPLETED, Mover.OWNER),
        *arrows(BEFORE_DECISION, S.CANCELLED, *HUMAN_CLOSERS, needs_reason=True),
        *arrows([S.COMPLETED, S.CANCELLED, S.DECLINED], S.ARCHIVED, Mover.TIMER, Mover.REGION),
    ],
    acts=[
        Act("extended", frozenset({S.OPEN}), frozenset(HUMAN_CLOSERS), needs_reason=True),
        Act(
            "amended",
            frozenset({S.OPEN}),
            frozenset({Mover.OWNER, Mover.CURATOR, Mover.REGION}),
        ),
        Act(
            "clarified",
            frozenset({S.OPEN}),
            frozenset({Mover.OWNER, Mover.CURATOR, Mover.REGION}),
        ),
    ],
)
PUBLIC_STATES = frozenset(
    {S.OPEN, S.CLOSED, S.EVALUATING, S.SHORTLISTED, S.DECIDED, S.PILOTING, S.COMPLETED}
)
"""States in which anybody may read a challenge."""
ENDED_STATES = frozenset({S.CANCELLED, S.ARCHIVED})
"""States in which anybody may read a challenge that was public before."""
EDITABLE_STATES = frozenset({S.DRAFT, S.CHANGES_REQUESTED})
REVIEWABLE_STATES = frozenset({S.IN_REVIEW})

EVENT_WORDS = {
    "challenge.created": N_("Draft started"),
    "challenge.revised": N_("Draft changed"),
    "challenge.in_review": N_("Submitted for review"),
    "challenge.changes_requested": N_("Changes requested"),
    "challenge.declined": N_("Not published"),
    "challenge.scheduled": N_("Approved"),
    "challenge.open": N_("Opened for answers"),
    "challenge.closed": N_("Closed for answers"),
    "challenge.evaluating": N_("Evaluation begun"),
    "challenge.shortlisted": N_("Shortlist released"),
    "challenge.decided": N_("Decisions released"),
    "challenge.piloting": N_("Pilot begun"),
    "challenge.completed": N_("Completed"),
    "challenge.cancelled": N_("Cancelled"),
    "challenge.archived": N_("Archived"),
    "challenge.extended": N_("Deadline extended"),
    "challenge.amended": N_("Addendum published"),
    "challenge.clarified": N_("Question answered"),
    "challenge.answers_read": N_("Answers opened for reading"),
}
"""What the journal's actions are called in a timeline."""
PUBLIC_EVENTS = frozenset(
    {f"challenge.{state}" for state in PUBLIC_STATES | ENDED_STATES}
    | {"challenge.extended", "challenge.amended", "challenge.clarified"}
)
"""What everybody may read in the timeline, with its reason."""


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins here."""
    return datetime.combine(day, time(), TIME_ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the first moment after a day: the ``closes_at`` of a last day."""
    return start_of(day + timedelta(days=1))


class Section(LabelledEnum):
    """A part of the text that its owner fills in on its own."""

    NEED = "need", N_("The need")
    REQUIREMENTS = "requirements", N_("Requirements")
    CRITERIA = "criteria", N_("How answers are judged")
    CONDITIONS = "conditions", N_("Conditions")
    DATES = "dates", N_("Dates")
    CLUSTER = "cluster", N_("Who looks after it")


class RequirementKind(LabelledEnum):
    """Whether an answer without it is out."""

    MUST = "must", N_("Must")
    NICE = "nice", N_("Nice to have")


TOTAL_WEIGHT = 100
"""What the weights of a challenge's criteria add to."""


class Challenge(Base):
    """A need that its owner publishes and others answer."""

    __tablename__ = "challenges"
    __table_args__ = (Index("ix_challenges_state_closes_at", "state", "closes_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    owner: Mapped[Organisation] = relationship(foreign_keys=[owner_id], lazy="raise")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_by: Mapped[User | None] = relationship(lazy="raise")
    curating_cluster_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id"), index=True
    )
    curating_cluster: Mapped[Organisation | None] = relationship(
        foreign_keys=[curating_cluster_id], lazy="raise"
    )
    without_cluster: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The owner chose the regional developers instead of a cluster."""
    state: Mapped[ChallengeState] = mapped_column(default=ChallengeState.DRAFT)
    mode: Mapped[Mode] = mapped_column(default=Mode.DEADLINE, server_default=Mode.DEADLINE.value)
    lang: Mapped[str]

    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    need: Mapped[str] = mapped_column(default="")
    success_measure: Mapped[str] = mapped_column(default="")
    field_ids: Mapped[list[str]] = mapped_column(JSON, default=list)

    place: Mapped[str] = mapped_column(default="")
    budget_eur: Mapped[int | None]
    budget_reason: Mapped[str] = mapped_column(default="")
    """Why no budget is named, where none is."""
    conditions: Mapped[str] = mapped_column(default="")
    answer_languages: Mapped[list[str]] = mapped_column(JSON, default=list)

    opens_on: Mapped[date | None]
    closes_at: Mapped[datetime | None]
    """Answers count while now < closes_at."""
    questions_until: Mapped[datetime | None]
    """Questions are taken while now < questions_until; None: as long as answers."""
    decision_on: Mapped[date | None]
    what_happens_next: Mapped[str] = mapped_column(default="")

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When it was completed or cancelled."""
    ending: Mapped[Ending | None]
    is_sample: Mapped[bool] = mapped_column(default=False, server_default=false())
    source: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    requirements: Mapped[list["Requirement"]] = relationship(
        order_by="Requirement.position", cascade="all, delete-orphan", lazy="raise"
    )
    criteria: Mapped[list["Criterion"]] = relationship(
        order_by="Criterion.position", cascade="all, delete-orphan", lazy="raise"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def fields(self) -> tuple[ApplicationField, ...]:
        """Its application fields in the order of the taxonomy."""
        return tuple(f for f in application_fields().values() if f.id in self.field_ids)

    @property
    def main_criteria(self) -> tuple["Criterion", ...]:
        """The criteria that weigh at least their even share; every set of criteria has one."""
        return tuple(c for c in self.criteria if c.weight * len(self.criteria) >= TOTAL_WEIGHT)

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it; one that ended before it opened stays unknown."""
        was_public = self.state in ENDED_STATES and self.opened_at is not None
        return self.state in PUBLIC_STATES or was_public

    @property
    def reference(self) -> str:
        """How people name it on the telephone."""
        return f"QL-{self.id}"

    @property
    def last_day(self) -> date | None:
        """The last whole day on which answers count, in local time."""
        if self.closes_at is None:
            return None
        return (self.closes_at - timedelta(microseconds=1)).astimezone(TIME_ZONE).date()

    def takes_answers(self, now: datetime) -> bool:
        """Whether an answer sent at this moment counts."""
        in_time = self.closes_at is None or now < self.closes_at
        return self.state is ChallengeState.OPEN and in_time

    def takes_questions(self, now: datetime) -> bool:
        """Whether a question sent at this moment is answered."""
        in_time = self.questions_until is None or now < self.questions_until
        return self.takes_answers(now) and in_time

    def is_late(self, now: datetime) -> bool:
        """Whether the day has passed on which a decision was promised, and there is none."""
        is_waiting = self.state in {S.CLOSED, S.EVALUATING, S.SHORTLISTED}
        return is_waiting and self.decision_on is not None and end_of(self.decision_on) <= now


class Requirement(Base):
    """One thing a solution must or should do."""

    __tablename__ = "requirements"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    """Counted from 1 and shown as R1, R2 and so on."""
    kind: Mapped[RequirementKind] = mapped_column(default=RequirementKind.MUST)
    text: Mapped[str]

    @property
    def code(self) -> str:
        """How pages name it: R1, R2 and so on."""
        return f"R{self.position}"


class Criterion(Base):
    """One thing by which answers are judged, and how much it counts."""

    __tablename__ = "criteria"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    """Counted from 1 and shown as C1, C2 and so on."""
    name: Mapped[str]
    weight: Mapped[int]
    """Its share of the whole, in hundredths."""

    @property
    def code(self) -> str:
        """How pages name it: C1, C2 and so on."""
        return f"C{self.position}"
