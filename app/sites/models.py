"""Places where something new can be tried out: living labs and test beds."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.organisations.models import Organisation
from app.taxonomy.models import ApplicationField, application_fields


class SiteKind(LabelledEnum):
    """What sort of place it is."""

    LIVING_LAB = "living_lab", N_("Living lab")
    """Real users in their real surroundings."""
    TEST_BED = "test_bed", N_("Test bed")
    """Measuring equipment under known conditions."""


class Site(Base):
    """A place of an organisation where solutions can be tried out."""

    __tablename__ = "sites"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    kind: Mapped[SiteKind]
    name: Mapped[str]
    lang: Mapped[str]
    place: Mapped[str]
    country: Mapped[str]
    offer: Mapped[str]
    """What can be tested there."""
    conditions: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Languages in which its people work with guests."""
    field_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_offered: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether it takes new pilots; one that does not leaves the list, its page stays."""
    is_sample: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def fields(self) -> tuple[ApplicationField, ...]:
        """Its application fields in the order of the taxonomy."""
        return tuple(f for f in application_fields().values() if f.id in self.field_ids)


declare(
    Topic.PLATFORM,
    {
        "site.added": N_("Test site entered in the registry"),
        "site.changed": N_("Test site changed"),
    },
)
