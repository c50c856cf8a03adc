"""What a person may type about a test site."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.core.forms import Form, FormModel
from app.core.i18n import LOCALES, N_
from app.organisations.models import COUNTRIES
from app.sites.actions import SiteDetails
from app.sites.models import Site, SiteKind
from app.taxonomy.models import application_fields


def _known_country(code: str) -> str:
    if code not in COUNTRIES:
        raise PydanticCustomError("enum", "no country of ours")
    return code


def _known_fields(ids: list[str]) -> list[str]:
    return [field_id for field_id in application_fields() if field_id in ids]


def _known_languages(codes: list[str]) -> list[str]:
    return [code for code in LOCALES if code in codes]


class SiteForm(FormModel):
    """What an organisation says about one of its sites."""

    labels: ClassVar = {
        "kind": N_("Kind of site"),
        "name": N_("Name of the site"),
        "place": N_("Town or city"),
        "country": N_("Country"),
        "offer": N_("What can be tested there"),
        "conditions": N_("Conditions of use"),
        "contact": N_("Contact for the site"),
        "lang": N_("Language of these texts"),
        "languages": N_("Languages spoken there"),
        "field_ids": N_("Application fields"),
    }
    words: ClassVar = {
        "kind:missing": N_("Choose the kind of site."),
        "country:missing": N_("Choose the country."),
        "offer:missing": N_("Say what can be tested there."),
        "languages:too_short": N_("Choose at least one language that is spoken there."),
        "languages:missing": N_("Choose at least one language that is spoken there."),
    }
    lists: ClassVar = frozenset({"field_ids", "languages"})

    kind: SiteKind
    name: Annotated[str, Field(min_length=3, max_length=120)]
    place: Annotated[str, Field(max_length=80)]
    country: Annotated[str, AfterValidator(_known_country)]
    offer: Annotated[str, Field(min_length=20, max_length=3_000)]
    conditions: Annotated[str, Field(max_length=2_000)] = ""
    contact: Annotated[str, Field(max_length=300)] = ""
    lang: Literal["en", "de", "fr"]
    languages: Annotated[list[str], AfterValidator(_known_languages), Field(min_length=1)]
    field_ids: Annotated[list[str], AfterValidator(_known_fields)] = []
    is_offered: bool = False
    version: int = 0

    def details(self) -> SiteDetails:
        """Return what was typed as the actions take it."""
        return SiteDetails(**self.model_dump(exclude={"version"}))


def site_form(site: Site) -> Form[SiteForm]:
    """Return the form that shows a stored site."""
    names: dict[str, Any] = {name: getattr(site, name) for name in SiteForm.model_fields}
    return Form(raw={**names, "is_offered": "1" if site.is_offered else ""})
