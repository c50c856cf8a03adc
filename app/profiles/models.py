"""What an organisation can do, passage by passage, and imports of many at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.organisations.models import Organisation

PROFILE_CHANGED = "profiles.changed"
"""Job kind: the passages of one organisation changed; payload ``{"organisation_id": …}``."""


class PassageKind(LabelledEnum):
    """What a passage tells about its organisation."""

    CAPABILITY = "capability", N_("Capability")
    REFERENCE = "reference", N_("Reference")
    OFFER = "offer", N_("Offer")


class Passage(Base):
    """One thing an organisation can do, has done or offers, in its own words and language."""

    __tablename__ = "passages"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    kind: Mapped[PassageKind]
    title: Mapped[str]
    text: Mapped[str]
    lang: Mapped[str]
    source: Mapped[str]
    """Where it is written: "Pilot report 2025, p. 4"."""
    source_url: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ImportState(LabelledEnum):
    """Where an import stands."""

    PREVIEWED = "previewed", N_("Checked, not imported yet")
    IMPORTED = "imported", N_("Imported")
    DISCARDED = "discarded", N_("Discarded")


class ProfileImport(Base):
    """One uploaded file, kept with every row of it, good or bad.

    ``organisation_id`` is on whose behalf it is imported: a cluster (rows may name any of its
    members, and new ones) or an organisation (rows are its own).
    """

    __tablename__ = "profile_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    file_name: Mapped[str]
    header: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[ImportState] = mapped_column(default=ImportState.PREVIEWED)
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    rows: Mapped[list["ImportRow"]] = relationship(
        back_populates="profile_import", order_by="ImportRow.line", lazy="raise"
    )


class ImportRow(Base):
    """One line of an uploaded file as it was typed, and what is wrong with it."""

    __tablename__ = "import_rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_import_id: Mapped[int] = mapped_column(
        ForeignKey("profile_imports.id", ondelete="CASCADE"), index=True
    )
    profile_import: Mapped[ProfileImport] = relationship(back_populates="rows", lazy="raise")
    line: Mapped[int]
    cells: Mapped[dict[str, str]] = mapped_column(JSON)
    errors: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Column → ``[message, words]``, as in a DomainError, so that it is shown translated."""
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("passages.id", ondelete="SET NULL"))
