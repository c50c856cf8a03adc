"""Organisations as the API shows them."""

from datetime import datetime
from typing import Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import override

from app.core.json_api import Body, Shown, example
from app.organisations.forms import InvitationForm, MemberForm, OrganisationForm, RoleForm
from app.organisations.models import (
    MemberInvitation,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
)
from app.organisations.pages import PeoplePage


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


class OrganisationWritten(OrganisationForm, Body):
    """What an organisation says about itself."""

    model_config = example(
        kind="startup", name="Quay Plug", city="Kiel", country="DE", lang="en",
        summary="Plugs for ferries.", field_ids=["electric-mobility"],
    )  # fmt: skip

    version: SkipJsonSchema[int] = 0


class PersonInvited(InvitationForm, Body):
    """Who is to join, as what."""

    model_config = example(email="ada@quay-plug.example", role="editor")


class RoleGiven(RoleForm, Body):
    """A person's new role."""

    model_config = example(role="reader")


class MemberAdded(MemberForm, Body):
    """Which organisation joins the cluster."""

    model_config = example(member_id=12)


class PersonShown(Shown):
    """Somebody who belongs to an organisation."""

    id: int = Field(description="Of the membership.")
    name: str
    email: str
    role: MemberRole

    @classmethod
    def of(cls, membership: Membership) -> Self:
        """Return a person with their role."""
        user = membership.user
        return cls(id=membership.id, name=user.name, email=user.email, role=membership.role)


class InvitedShown(Shown):
    """Somebody who was invited and has not joined."""

    id: int
    email: str
    role: MemberRole
    created_at: datetime

    @classmethod
    def of(cls, invited: MemberInvitation) -> Self:
        """Return an open invitation."""
        return cls.model_validate({name: getattr(invited, name) for name in cls.model_fields})


class PeopleShown(Shown):
    """Who belongs to an organisation; open invitations show to those who may invite."""

    people: list[PersonShown]
    invited: list[InvitedShown]

    @classmethod
    def of(cls, shown: PeoplePage) -> Self:
        """Return the people of an organisation."""
        return cls(
            people=[PersonShown.of(each) for each in shown.people],
            invited=[InvitedShown.of(each) for each in shown.invitations if shown.can_manage],
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
