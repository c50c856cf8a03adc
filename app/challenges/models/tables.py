"""Challenges: a need with its requirements, and how answers to it are judged."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.challenges.models.states import (
    ENDED_STATES,
    PUBLIC_STATES,
    ChallengeState,
    Ending,
    Mode,
    S,
    end_of,
)
from app.core.database import Base
from app.core.i18n import N_, TIME_ZONE
from app.core.labels import LabelledEnum
from app.organisations.models import Organisation, OrganisationKind
from app.taxonomy.models import ApplicationField, application_fields


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
    answer_kinds: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Kinds of organisations that may answer; none means all."""
    answer_countries: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Countries whose organisations may answer; none means all."""
    fact_layers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """Facts that not everybody reads, each with the layer that does (see ``disclosures``)."""

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

    def in_public(self, name: str) -> Any:
        """Return a fact as everybody may read it: None if it has a layer of its own."""
        fact = "budget" if name.startswith("budget_") else name
        return None if fact in self.fact_layers else getattr(self, name)

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

    @property
    def last_day_for_questions(self) -> date | None:
        """The last whole day on which questions are taken, in local time, if it is set."""
        if self.questions_until is None:
            return None
        return (self.questions_until - timedelta(microseconds=1)).astimezone(TIME_ZONE).date()

    @property
    def asked_kinds(self) -> tuple[OrganisationKind, ...]:
        """The kinds of organisations that may answer, if not all."""
        return tuple(kind for kind in OrganisationKind if kind in self.answer_kinds)

    def admits(self, organisation: Organisation) -> bool:
        """Whether an organisation of this kind and country may answer."""
        is_right_kind = not self.answer_kinds or organisation.kind in self.answer_kinds
        countries = self.answer_countries
        return is_right_kind and (not countries or organisation.country in countries)

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
