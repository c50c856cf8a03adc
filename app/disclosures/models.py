"""Parts of a challenge that not everybody reads, and who has read which."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum


class Layer(LabelledEnum):
    """Who reads a protected part; each layer reads what the ones before it read."""

    SIGNED_IN = "signed_in", N_("Whoever is signed in")
    MATCHED = "matched", N_("Invited organisations, and those that answer")
    AGREED = "agreed", N_("Those of them who accept the agreement")


class ProtectedPart(Base):
    """A text of its own with its own layer; no search, feed or matching reads this table."""

    __tablename__ = "protected_parts"
    __table_args__ = (UniqueConstraint("challenge_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id", ondelete="CASCADE"))
    position: Mapped[int]
    heading: Mapped[str]
    text: Mapped[str]
    layer: Mapped[Layer]


class Agreement(Base):
    """What has to be accepted before the innermost layer of a challenge is read."""

    __tablename__ = "agreements"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str]


class Disclosure(Base):
    """One person was shown one layer for the first time, or accepted the agreement for it.

    Names are kept, so that the log survives the deletion of accounts.
    """

    __tablename__ = "disclosures"
    __table_args__ = (UniqueConstraint("challenge_id", "user_id", "layer", "is_acceptance"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    user_name: Mapped[str]
    organisation_names: Mapped[str]
    layer: Mapped[Layer]
    is_acceptance: Mapped[bool]
    at: Mapped[datetime]


declare(Topic.DISCLOSURE, {"challenge.protected": N_("Protected parts changed")})
