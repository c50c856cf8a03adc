"""Passages of profiles as the API shows and takes them."""

from typing import Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.core.json_api import Body, Shown, example
from app.profiles.forms import PassageForm
from app.profiles.models import Passage, PassageKind


class PassageWritten(PassageForm, Body):
    """One thing an organisation can do, has done or offers, with where that can be checked."""

    model_config = example(
        kind="reference",
        title="Shore power in Brest",
        text="We built two connections of 400 volts for ferries and ran them for a year.",
        lang="en",
        source="Annual report 2029, page 12",
    )

    version: SkipJsonSchema[int] = 0


class PassageShown(Shown):
    """A passage of a profile."""

    id: int
    kind: PassageKind
    title: str
    text: str
    lang: str = Field(description="Language of title and text.")
    source: str = Field(description="Where it can be checked.")
    source_url: str
    version: int = Field(description="For If-Match.")

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Return a stored passage."""
        return cls.model_validate({name: getattr(passage, name) for name in cls.model_fields})
