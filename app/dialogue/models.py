"""What is said about a running challenge: who follows it, what is asked, what is added."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core.database import Base
from app.core.i18n import N_
from app.core.labels import LabelledEnum


class Tie(LabelledEnum):
    """What somebody has to do with a challenge, and so why they are told of it."""

    ANSWERED = "answered", N_("You get this because your organisation answered the challenge.")
    DRAFTED = "drafted", N_("You get this because your organisation has begun an answer.")
    INTERESTED = "interested", N_("You get this because your organisation said it is interested.")
    FOLLOWS = "follows", N_("You get this because you follow the challenge.")
    OWNS = "owns", N_("You get this because you act for the owner of the challenge.")
    LOOKS_AFTER = "looks_after", N_("You get this because you look after the challenge.")


class AddendumKind(LabelledEnum):
    """What an addendum does to the text."""

    CLARIFIES = "clarifies", N_("It explains: what is asked stays as it is")
    CHANGES = "changes", N_("It changes what is asked, or who may answer")


class Follow(Base):
    """Somebody wants to know how a challenge goes on."""

    __tablename__ = "follows"
    __table_args__ = (UniqueConstraint("challenge_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id", ondelete="CASCADE"))
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]


class Question(Base):
    """A question about a challenge; everybody reads it with its answer, nobody learns who asked."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Who gets the answer by e-mail; shown to nobody."""
    user: Mapped[User | None] = relationship(lazy="raise")
    lang: Mapped[str]
    text: Mapped[str]
    asked_at: Mapped[datetime]
    number: Mapped[int | None]
    """From 1 in the order of publication; none before."""
    published_text: Mapped[str] = mapped_column(default="")
    """The question as all read it, without what would tell who asked."""
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Addendum(Base):
    """A numbered supplement to the text of a published challenge; never changed afterwards."""

    __tablename__ = "addenda"
    __table_args__ = (UniqueConstraint("challenge_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    kind: Mapped[AddendumKind]
    lang: Mapped[str]
    text: Mapped[str]
    published_at: Mapped[datetime]
    published_by_name: Mapped[str]
