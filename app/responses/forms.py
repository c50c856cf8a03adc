"""What an answering organisation may type."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from app.core.amounts import TypedEuros
from app.core.forms import FormModel
from app.core.i18n import N_
from app.responses.actions import Wording
from app.responses.models import Response

LongText = Annotated[str, Field(max_length=10_000)]
Line = Annotated[str, Field(max_length=200)]


class StartForm(FormModel):
    """Which organisation answers."""

    organisation_id: Annotated[int, Field(ge=1, lt=2**31)]

    labels: ClassVar = {"organisation_id": N_("Organisation")}
    words: ClassVar = {
        "organisation_id:missing": N_("Choose the organisation that answers."),
        "organisation_id:int_parsing": N_("Choose the organisation that answers."),
    }


class RequirementText(FormModel):
    """How one requirement is met."""

    requirement_id: int
    text: LongText = ""


class ResponseForm(FormModel):
    """A draft: anything may still be empty."""

    version: int
    lang: Literal["en", "de", "fr"]
    title: Line = ""
    approach: LongText = ""
    answers: list[RequirementText] = []
    timeline: LongText = ""
    price_eur: TypedEuros | None = None
    price_note: LongText = ""
    contact: Line = ""

    labels: ClassVar = {
        "lang": N_("Language of your answer"),
        "title": N_("Title"),
        "approach": N_("Your approach"),
        "answers[].text": N_("How you meet the requirement"),
        "timeline": N_("Timeline"),
        "price_eur": N_("Price in euros"),
        "price_note": N_("What the price covers"),
        "contact": N_("Contact"),
    }

    def wording(self) -> Wording:
        """Return what was typed, as the action takes it."""
        return Wording(
            lang=self.lang,
            title=self.title,
            approach=self.approach,
            requirement_texts={answer.requirement_id: answer.text for answer in self.answers},
            timeline=self.timeline,
            price_eur=self.price_eur,
            price_note=self.price_note,
            contact=self.contact,
        )


def stored_fields(response: Response) -> dict[str, Any]:
    """Return the raw fields that show a stored answer in the form."""
    fields = {
        "version": str(response.version),
        "lang": response.lang,
        "title": response.title,
        "approach": response.approach,
        "timeline": response.timeline,
        "price_eur": "" if response.price_eur is None else str(response.price_eur),
        "price_note": response.price_note,
        "contact": response.contact,
    }
    for index, requirement in enumerate(response.challenge.requirements):
        fields[f"answers[{index}].requirement_id"] = str(requirement.id)
        fields[f"answers[{index}].text"] = response.answer_to(requirement)
    return fields
