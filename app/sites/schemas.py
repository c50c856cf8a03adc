"""Test sites as the API shows and takes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import override

from app.core.json_api import Body, Shown, example
from app.organisations.schemas import OrganisationRef
from app.sites.forms import SiteForm
from app.sites.models import Site, SiteKind


class SiteWritten(SiteForm, Body):
    """What an organisation says about one of its sites."""

    model_config = example(
        kind="test_bed",
        name="Cable Hall",
        place="Brest",
        country="FR",
        offer="A hall with 630 kVA and a crane.",
        lang="en",
        languages=["fr", "en"],
        is_offered=True,
    )

    version: SkipJsonSchema[int] = 0


class SiteListed(Shown):
    """A living lab or test bed in a list."""

    id: int
    organisation: OrganisationRef = Field(description="Who runs it.")
    kind: SiteKind
    name: str
    lang: str = Field(description="Language of its texts.")
    place: str
    country: str = Field(examples=["DE"])
    languages: Sequence[str] = Field(description="Spoken there.")
    field_ids: Sequence[str] = Field(description="Application fields, by their id.")

    @classmethod
    def of(cls, site: Site) -> Self:
        """Return a site that has its organisation loaded."""
        same = ("id", "kind", "name", "lang", "place", "country", "languages", "field_ids")
        return cls(
            **{name: getattr(site, name) for name in same},
            organisation=OrganisationRef.of(site.organisation),
        )


class SiteShown(SiteListed):
    """A living lab or test bed."""

    offer: str = Field(description="What can be tested there.")
    conditions: str
    contact: str
    is_offered: bool = Field(description="Whether it takes new pilots.")
    is_sample: bool = Field(description="Whether it was made up for trying the platform.")
    updated_at: datetime
    version: int = Field(description="The number in the ETag.")

    @override
    @classmethod
    def of(cls, site: Site) -> Self:
        """Return a whole site."""
        same = (
            "offer", "conditions", "contact", "is_offered", "is_sample", "updated_at", "version",
        )  # fmt: skip
        return cls(
            **SiteListed.of(site).model_dump(), **{name: getattr(site, name) for name in same}
        )
