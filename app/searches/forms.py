"""What a person may send about saved searches."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.core.forms import FormModel
from app.core.i18n import N_


class SaveForm(FormModel):
    """The address of the list that is kept."""

    query: Annotated[str, Field(max_length=2000)] = ""

    labels: ClassVar = {"query": N_("Search")}


class MailForm(FormModel):
    """Whether somebody is written to about a search."""

    wants_mail: bool = False

    labels: ClassVar = {"wants_mail": N_("E-mails about it")}
