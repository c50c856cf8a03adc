"""What an organisation can do, passage by passage, and imports of many at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover, StateMachine, arrows
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


S = ImportState
IMPORTERS = (Mover.RESPONDER, Mover.CURATOR)
IMPORT_MACHINE: StateMachine[ImportState] = StateMachine(
    "import",
    [
        *arrows([S.PREVIEWED], S.IMPORTED, *IMPORTERS),
        *arrows([S.PREVIEWED], S.DISCARDED, *IMPORTERS),
    ],
)


class RowVerdict(LabelledEnum):
    """What becomes of one row of an uploaded file."""

    GOOD = "good", N_("Good row")
    BAD = "bad", N_("To mend")
    KNOWN = "known", N_("Already in the profile")
    REPEATED = "repeated", N_("Twice in this file")


SKIPPED = frozenset({RowVerdict.KNOWN, RowVerdict.REPEATED})
"""Verdicts on rows that say nothing new: left out without being wrong."""


class ProfileImport(Base):
    """One uploaded file, kept with every row of it, good or bad.

    ``organisation_id`` is on whose behalf it is imported: a cluster (rows may name any of its
    members) or an organisation (rows are its own).
    """

    __tablename__ = "profile_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(lazy="raise")
    file_name: Mapped[str]
    header: Mapped[list[str]] = mapped_column(JSON)
    """The names of the columns as they stood in the file."""
    state: Mapped[ImportState] = mapped_column(default=ImportState.PREVIEWED)
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    rows: Mapped[list["ImportRow"]] = relationship(
        back_populates="profile_import", order_by="ImportRow.line", lazy="raise"
    )

    __mapper_args__ = {"version_id_col": version}


class ImportRow(Base):
    """One row of an uploaded file as it was typed, and what is wrong with it."""

    __tablename__ = "import_rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_import_id: Mapped[int] = mapped_column(
        ForeignKey("profile_imports.id", ondelete="CASCADE"), index=True
    )
    profile_import: Mapped[ProfileImport] = relationship(back_populates="rows", lazy="raise")
    line: Mapped[int]
    """Counted as a spreadsheet does: the header is row 1."""
    cells: Mapped[list[str]] = mapped_column(JSON)
    """As typed, one per column of the header; more where the row had more."""
    verdict: Mapped[RowVerdict]
    errors: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Column (``""``: the whole row) → ``[message, words]``, translated where it is shown."""
    content: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """The passage that a row without errors describes, by the names of Passage's columns."""
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE")
    )
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("passages.id", ondelete="SET NULL"))

    @property
    def kind(self) -> PassageKind:
        """The kind of the passage that a row without errors describes."""
        return PassageKind(self.content["kind"])


declare(
    Topic.PLATFORM,
    {
        "passage.added": N_("Passage added to the profile"),
        "passage.edited": N_("Passage of the profile changed"),
        "passage.deleted": N_("Passage taken out of the profile"),
        "profile.imported": N_("Profile imported"),
        "import.imported": N_("Import of profiles carried out"),
        "import.discarded": N_("Import of profiles discarded"),
    },
)
