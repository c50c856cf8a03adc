"""What leads and partners of an answer may type."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.core.forms import FormModel
from app.core.i18n import N_
from app.partners.actions import Terms

Part = Annotated[str, Field(max_length=2000)]
Share = Annotated[int, Field(ge=0, le=99)]


class TermsForm(FormModel):
    """What a partner takes over."""

    part: Part
    share: Share

    labels: ClassVar = {"part": N_("What they take over"), "share": N_("Share in percent")}
    words: ClassVar = {
        "part:missing": N_("Say what the partner takes over."),
        "share:missing": N_("Say which share the partner has, such as 30."),
        "share:int_parsing": N_("“Share in percent”: enter a whole number, such as 30."),
    }

    def terms(self) -> Terms:
        """Return what was typed, as the action takes it."""
        return Terms(part=self.part, share=self.share)


class AddForm(TermsForm):
    """Who takes over what."""

    organisation_id: Annotated[int, Field(ge=1, lt=2**31)]

    labels: ClassVar = {**TermsForm.labels, "organisation_id": N_("Organisation")}
    words: ClassVar = {
        **TermsForm.words,
        "organisation_id:missing": N_("Choose the organisation."),
        "organisation_id:int_parsing": N_("Choose the organisation."),
    }


class DeclineForm(FormModel):
    """Why an organisation does not take part."""

    reason: Annotated[str, Field(max_length=1000)] = ""

    labels: ClassVar = {"reason": N_("Why you do not take part (optional)")}
