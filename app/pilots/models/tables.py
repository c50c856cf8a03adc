"""Pilots: the sheet both sides sign, what is measured, and what is learnt."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge
from app.core.database import Base
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover
from app.pilots.models.states import PilotState
from app.responses.models import Response
from app.sites.models import Site


class Side(LabelledEnum):
    """One of the two that agree on a pilot."""

    OWNER = "owner", N_("challenge owner")
    RESPONDER = "responder", N_("responder")

    @property
    def mover(self) -> Mover:
        """The role in which this side moves the pilot."""
        return Mover(self.value)


class Payment(LabelledEnum):
    """Whether the responder is paid for the pilot."""

    PAID = "paid", N_("The pilot is paid")
    UNPAID = "unpaid", N_("The pilot is not paid")


class PublicPart(LabelledEnum):
    """A part of the public page that either side may keep to those concerned."""

    RESPONDER = "responder", N_("Who carries it out")
    HYPOTHESIS = "hypothesis", N_("Hypothesis")
    INDICATORS = "indicators", N_("Indicators and their results")
    SITE = "site", N_("Where it takes place")
    PAYMENT = "payment", N_("Whether and how it is paid")
    JUDGEMENT = "judgement", N_("The common grid")


class Aspect(LabelledEnum):
    """What every pilot is judged by, so that pilots can be compared."""

    EFFECTIVENESS = "effectiveness", N_("Effectiveness: did it bring what was hoped for?")
    FEASIBILITY = "feasibility", N_("Feasibility: could it be set up and run?")
    DURABILITY = "durability", N_("Durability: will it last – costs, upkeep, acceptance?")


class Grade(LabelledEnum):
    """How far an aspect was met."""

    FULLY = "fully", N_("Fully")
    LARGELY = "largely", N_("Largely")
    PARTLY = "partly", N_("Partly")
    NOT = "not", N_("Not at all")


class Verdict(LabelledEnum):
    """What the owner makes of the results."""

    SCALE = "scale", N_("Scale it")
    ADAPT = "adapt", N_("Adapt it and go on")
    STOP = "stop", N_("Stop here")


class Pilot(Base):
    """A trial of a selected answer, on which owner and responder agree in writing."""

    __tablename__ = "pilots"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    response: Mapped[Response] = relationship(lazy="raise")
    state: Mapped[PilotState] = mapped_column(default=PilotState.DRAFT)
    lang: Mapped[str]
    title: Mapped[str]
    hypothesis: Mapped[str] = mapped_column(default="")
    site_id: Mapped[int | None] = mapped_column(
        ForeignKey("sites.id", ondelete="SET NULL"), index=True
    )
    site: Mapped[Site | None] = relationship(lazy="raise")
    place: Mapped[str] = mapped_column(default="")
    """Where it takes place if that is no site of the registry, or where exactly."""
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    report_months: Mapped[int] = mapped_column(default=0)
    """An interim report is due every so many months; 0 for none."""
    payment: Mapped[Payment | None]
    payment_eur: Mapped[int | None]
    agreement: Mapped[str] = mapped_column(default="")
    """What else the two sides agree on: data, rights, liability. Never public."""
    sheet_version: Mapped[int] = mapped_column(default=1)
    """Counts the changes of the sheet; a signature holds for one of them."""
    hidden_by_owner: Mapped[list[str]] = mapped_column(JSON, default=list)
    hidden_by_responder: Mapped[list[str]] = mapped_column(JSON, default=list)
    verdict: Mapped[Verdict | None]
    verdict_reason: Mapped[str] = mapped_column(default="")
    """Also why it was stopped early."""
    lessons: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)

    indicators: Mapped[list["Indicator"]] = relationship(
        order_by="Indicator.position", cascade="all, delete-orphan", lazy="raise"
    )
    signatures: Mapped[list["Signature"]] = relationship(
        order_by="Signature.id", cascade="all, delete-orphan", lazy="raise"
    )
    reports: Mapped[list["InterimReport"]] = relationship(
        order_by="InterimReport.number", cascade="all, delete-orphan", lazy="raise"
    )
    extensions: Mapped[list["Extension"]] = relationship(
        order_by="Extension.id", cascade="all, delete-orphan", lazy="raise"
    )
    judgements: Mapped[list["Judgement"]] = relationship(
        order_by="Judgement.id", cascade="all, delete-orphan", lazy="raise"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it: from its first day on."""
        return self.begun_at is not None

    @property
    def hidden_parts(self) -> frozenset[str]:
        """The parts that one side or the other keeps to those concerned."""
        return frozenset(self.hidden_by_owner) | frozenset(self.hidden_by_responder)

    @property
    def signed_by(self) -> frozenset[Side]:
        """The sides that signed the sheet as it stands."""
        return frozenset(s.side for s in self.signatures if s.sheet_version == self.sheet_version)


class Indicator(Base):
    """One thing that is measured: before, as a target, and in the end."""

    __tablename__ = "pilot_indicators"

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    baseline: Mapped[str] = mapped_column(default="")
    target: Mapped[str] = mapped_column(default="")
    method: Mapped[str] = mapped_column(default="")
    """How it is measured."""
    result: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class Signature(Base):
    """One side agreed to the sheet as it stood."""

    __tablename__ = "pilot_signatures"
    __table_args__ = (UniqueConstraint("pilot_id", "side", "sheet_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"))
    side: Mapped[Side]
    sheet_version: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    name: Mapped[str]
    signed_at: Mapped[datetime]
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The sheet word for word as it was signed."""


class Extension(Base):
    """A later last day: proposed and signed by one side, then signed by the other, or not."""

    __tablename__ = "pilot_extensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"), index=True)
    was_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str]
    side: Mapped[Side]
    """Which side proposed it."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    signed_by_name: Mapped[str]
    """Who signed for the other side."""
    settled_at: Mapped[datetime | None]
    """When the other side signed, or either side called it off."""
    is_agreed: Mapped[bool] = mapped_column(default=False)


class InterimReport(Base):
    """What the responder reports while a pilot runs."""

    __tablename__ = "pilot_reports"
    __table_args__ = (UniqueConstraint("pilot_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Counted from 1."""
    due_on: Mapped[date]
    text: Mapped[str] = mapped_column(default="")
    handed_in_at: Mapped[datetime | None]
    handed_in_by_name: Mapped[str] = mapped_column(default="")


class Judgement(Base):
    """One aspect of the common grid."""

    __tablename__ = "pilot_judgements"
    __table_args__ = (UniqueConstraint("pilot_id", "aspect"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"))
    aspect: Mapped[Aspect]
    grade: Mapped[Grade]
    words: Mapped[str]


class Replication(Base):
    """A challenge of another owner that began with a completed pilot."""

    __tablename__ = "pilot_replications"

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"), index=True)
    pilot: Mapped[Pilot] = relationship(lazy="raise")
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), unique=True
    )
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    created_at: Mapped[datetime]
