"""Screening: what speaks against an answer before anybody evaluates it, and what was asked."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Requirement
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.responses.models import Response

INFORMATION_DUE = "screenings.information_due"
"""Job kind: the term for more information ends; payload ``{"response_id": …}``."""


class Ground(LabelledEnum):
    """The criterion by which an answer is not eligible."""

    MUST = "must", N_("A requirement that is a must is not met")
    CONDITIONS = "conditions", N_("It contradicts the conditions of the challenge")
    INCOMPLETE = "incomplete", N_("Essential parts are missing")
    ORGANISATION = "organisation", N_("This organisation may not answer")


class Objection(Base):
    """A cluster manager holds an answer to be ineligible; the owner confirms it or does not."""

    __tablename__ = "objections"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), unique=True
    )
    response: Mapped[Response] = relationship(lazy="raise")
    ground: Mapped[Ground]
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirements.id"))
    requirement: Mapped[Requirement | None] = relationship(lazy="raise")
    """The must that is not met, where that is the ground."""
    reason: Mapped[str]
    repair: Mapped[str]
    """What would have made the answer eligible."""
    raised_at: Mapped[datetime]
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    raised_by_name: Mapped[str]


class InformationRequest(Base):
    """The one question that may be asked about an answer, and the reply."""

    __tablename__ = "information_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), unique=True
    )
    question: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]
    due_at: Mapped[datetime]
    """Replies count while now < due_at."""
    reply: Mapped[str] = mapped_column(default="")
    replied_at: Mapped[datetime | None]
    replied_by_name: Mapped[str] = mapped_column(default="")


declare(Topic.EVALUATION, {"objection.raised": N_("Objection raised against an answer")})
