"""Organisations as the API shows them."""

from typing import Self

from pydantic import Field
from typing_extensions import override

from app.core.json_api import Shown
from app.organisations.models import MemberRole, Organisation, OrganisationKind


class OrganisationRef(Shown):
    """Which organisation: enough to name it and to look it up."""

    id: int
    slug: str = Field(description="Its name in addresses.", examples=["port-of-example"])
    name: str
    kind: OrganisationKind

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        """Return the reference to an organisation."""
        return cls(
            id=organisation.id,
            slug=organisation.slug,
            name=organisation.name,
            kind=organisation.kind,
        )


class OrganisationShown(OrganisationRef):
    """An organisation as its page shows it."""

    summary: str
    lang: str = Field(description="Language of the summary.")
    city: str
    country: str
    website: str
    founded: int | None
    field_ids: list[str] = Field(description="Application fields, by their id in the taxonomy.")
    is_verified: bool
    is_sample: bool = Field(description="Whether it was made up for trying the platform.")
    source: str = Field(description="Where the record comes from, if nobody here wrote it.")

    @override
    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        """Return everything that is public about an organisation."""
        return cls(
            id=organisation.id,
            slug=organisation.slug,
            name=organisation.name,
            kind=organisation.kind,
            summary=organisation.summary,
            lang=organisation.lang,
            city=organisation.city,
            country=organisation.country,
            website=organisation.website,
            founded=organisation.founded,
            field_ids=organisation.field_ids,
            is_verified=organisation.verified_at is not None,
            is_sample=organisation.is_sample,
            source=organisation.source,
        )


class MembershipShown(Shown):
    """What a person may do for an organisation."""

    organisation: OrganisationRef
    role: MemberRole


class Account(Shown):
    """Whoever is asking."""

    id: int
    name: str
    email: str
    locale: str
    is_regional_developer: bool
    is_administrator: bool
    memberships: list[MembershipShown]
