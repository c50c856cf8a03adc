"""What a person may type about an organisation."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, AnyHttpUrl, EmailStr, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from app.core.forms import Form, FormModel
from app.core.i18n import N_
from app.organisations.actions import Details
from app.organisations.models import COUNTRIES, MemberRole, Organisation, OrganisationKind
from app.taxonomy.models import application_fields

_address = TypeAdapter(AnyHttpUrl)


def _web_address(typed: str) -> str:
    try:
        _address.validate_python(typed)
    except ValidationError as error:
        raise PydanticCustomError("url_parsing", "no address") from error
    return typed


def _known_country(code: str) -> str:
    if code not in COUNTRIES:
        raise PydanticCustomError("enum", "no country of ours")
    return code


def _known_fields(ids: list[str]) -> list[str]:
    return [field_id for field_id in application_fields() if field_id in ids]


class OrganisationForm(FormModel):
    """What an organisation says about itself."""

    labels: ClassVar = {
        "kind": N_("Kind of organisation"),
        "name": N_("Name"),
        "city": N_("Town or city"),
        "country": N_("Country"),
        "website": N_("Website"),
        "summary": N_("Summary"),
        "lang": N_("Language of the summary"),
        "field_ids": N_("Application fields"),
    }
    words: ClassVar = {
        "kind:missing": N_("Choose the kind of organisation."),
        "country:missing": N_("Choose the country."),
    }
    lists: ClassVar = frozenset({"field_ids"})

    kind: OrganisationKind
    name: Annotated[str, Field(min_length=2, max_length=120)]
    city: Annotated[str, Field(max_length=80)]
    country: Annotated[str, AfterValidator(_known_country)]
    website: Annotated[str, Field(max_length=300), AfterValidator(_web_address)] = ""
    summary: Annotated[str, Field(max_length=600)] = ""
    lang: Literal["en", "de", "fr"]
    field_ids: Annotated[list[str], AfterValidator(_known_fields)] = []
    version: int = 0

    def details(self) -> Details:
        """Return what was typed as the actions take it."""
        return Details(**self.model_dump(exclude={"version"}))


class InvitationForm(FormModel):
    """Who is to join, as what."""

    labels: ClassVar = {"email": N_("E-mail address"), "role": N_("Role")}
    words: ClassVar = {
        "email:value_error": N_("“%(name)s”: enter an address such as name@example.org."),
        "email:missing": N_("Enter the e-mail address of the person you invite."),
        "role:missing": N_("Choose a role."),
    }

    email: Annotated[EmailStr, AfterValidator(str.casefold)]
    role: MemberRole


class RoleForm(FormModel):
    """A person's new role."""

    labels: ClassVar = {"role": N_("Role")}

    role: MemberRole


class MemberForm(FormModel):
    """Which organisation joins the cluster."""

    labels: ClassVar = {"member_id": N_("Organisation")}

    member_id: Annotated[int, Field(ge=1, lt=2**31)]


def organisation_form(organisation: Organisation) -> Form[OrganisationForm]:
    """Return the form that shows a stored organisation."""
    names: dict[str, Any] = {
        name: getattr(organisation, name) for name in OrganisationForm.model_fields
    }
    return Form(raw=names)
