"""Organisations of every kind, their people, and clusters with their members."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_, current_locale
from app.core.labels import LabelledEnum

ORGANISATION_VERIFIED = "organisations.verified"

# The countries of the European research area that have clusters in the European directory.
COUNTRIES = (
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR",
    "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "RS",
    "SE", "SI", "SK", "TR", "UA",
)  # fmt: skip


class OrganisationKind(LabelledEnum):
    """What sort of organisation it is."""

    PUBLIC_BODY = "public_body", N_("Public body")
    COMPANY = "company", N_("Company")
    STARTUP = "startup", N_("Start-up")
    RESEARCH = "research", N_("Research organisation")
    CLUSTER = "cluster", N_("Cluster")
    INTERMEDIARY = "intermediary", N_("Intermediary")


class MemberRole(LabelledEnum):
    """What a person may do for an organisation; each role includes the later ones."""

    MANAGER = "manager", N_("Manager")
    """Invites people, changes the organisation, acts for it."""
    EDITOR = "editor", N_("Editor")
    """Acts for the organisation: challenges, profile, responses, curation."""
    READER = "reader", N_("Reader")
    """Sees what the organisation sees."""


class Organisation(Base):
    """A public body, company, start-up, research organisation, cluster or intermediary."""

    __tablename__ = "organisations"
    __table_args__ = (
        # The public directory tells how many there are of each kind in each place,
        Index("ix_organisations_kind", "kind", "country", "city", "verified_at"),
        # and lists them by name, however it is spelt.
        Index("ix_organisations_lower_name", text("lower(name)"), "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[OrganisationKind]
    summary: Mapped[str] = mapped_column(default="")
    lang: Mapped[str] = mapped_column(default="en")
    city: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    founded: Mapped[int | None]
    size: Mapped[str] = mapped_column(default="")
    field_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    verified_at: Mapped[datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False, server_default=false())
    source: Mapped[str] = mapped_column(default="")
    """Where a record that nobody here wrote comes from, with its licence."""
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Membership(Base):
    """A person's role in an organisation."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    user: Mapped[User] = relationship(lazy="raise")
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    role: Mapped[MemberRole]
    created_at: Mapped[datetime]


class MemberInvitation(Base):
    """An offer to join an organisation, sent to an e-mail address."""

    __tablename__ = "member_invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    email: Mapped[str]
    role: Mapped[MemberRole]
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


class ClusterFacts(Base):
    """What is published about a cluster; figures carry the month they are from."""

    __tablename__ = "cluster_facts"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    region: Mapped[str]
    sector_en: Mapped[str]
    sector_de: Mapped[str]
    sector_fr: Mapped[str]
    member_count: Mapped[int | None]
    staff_count: Mapped[int | None]
    founded: Mapped[int | None]
    responsible: Mapped[str] = mapped_column(default="")
    coverage: Mapped[str] = mapped_column(default="")
    as_of: Mapped[str] = mapped_column(default="")

    @property
    def sector_label(self) -> str:
        """What the cluster works on, in the reader's language."""
        return {"en": self.sector_en, "de": self.sector_de, "fr": self.sector_fr}[current_locale()]


class ClusterMembership(Base):
    """An organisation belongs to a cluster."""

    __tablename__ = "cluster_memberships"
    __table_args__ = (UniqueConstraint("cluster_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    cluster: Mapped[Organisation] = relationship(foreign_keys=[cluster_id], lazy="raise")
    member_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    member: Mapped[Organisation] = relationship(foreign_keys=[member_id], lazy="raise")
    created_at: Mapped[datetime]


declare(
    Topic.PLATFORM,
    {
        "organisation.added": N_("Organisation added"),
        "organisation.changed": N_("Details of the organisation changed"),
        "organisation.invitations_stopped": N_("Invitations stopped"),
        "organisation.invitations_welcome": N_("Invitations welcome again"),
        "organisation.verified": N_("Organisation verified"),
        "organisation.joined": N_("Person has joined the organisation"),
        "organisation.role_changed": N_("Role of a person changed"),
        "organisation.person_removed": N_("Person taken out of the organisation"),
        "cluster.member_added": N_("Organisation taken into the cluster"),
        "cluster.member_removed": N_("Organisation taken out of the cluster"),
    },
)
