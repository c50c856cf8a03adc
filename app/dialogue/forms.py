"""What people may type when they ask, answer or add."""

from typing import Literal

from pydantic import Field

from app.core.forms import FormModel
from app.core.i18n import N_
from app.dialogue.models import AddendumKind


class QuestionForm(FormModel):
    """A question to the owner."""

    labels = {"text": N_("Your question"), "lang": N_("Language of the question")}
    words = {"text:missing": N_("“Your question”: write what you want to know.")}

    text: str = Field(max_length=2_000)
    lang: Literal["en", "de", "fr"]


class AnswerForm(FormModel):
    """The question as all will read it, and its answer."""

    labels = {"question": N_("The question as everybody reads it"), "answer": N_("Answer")}

    question: str = Field(max_length=2_000)
    answer: str = Field(max_length=5_000)
    version: int = 0


class AddendumForm(FormModel):
    """A supplement to the text."""

    labels = {"text": N_("Text of the addendum"), "kind": N_("What it does")}

    text: str = Field(max_length=5_000)
    kind: AddendumKind
