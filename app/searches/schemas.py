"""Saved searches as the API shows and takes them."""

from datetime import datetime
from typing import Self

from pydantic import Field

from app.core.json_api import Body, Shown, example
from app.searches.forms import MailForm, SaveForm
from app.searches.models import SavedSearch


class SearchWritten(SaveForm, Body):
    """The query of `/challenges` that is kept, such as `q=ferry&stage=open`."""

    model_config = example(query="field=electric-mobility&stage=open")


class MailSwitch(MailForm, Body):
    """Whether you are written to about a search."""


class SearchShown(Shown):
    """A search that you keep."""

    id: int
    query: str = Field(examples=["field=electric-mobility&stage=open"])
    words: str = Field(description="What it looks for, in your language.")
    wants_mail: bool
    created_at: datetime
    told_at: datetime | None = Field(description="When you were last told of something new.")

    @classmethod
    def of(cls, search: SavedSearch, words: str) -> Self:
        """Return a search with its wording."""
        same = ("id", "query", "wants_mail", "created_at", "told_at")
        return cls(words=words, **{name: getattr(search, name) for name in same})
