"""Questions and addenda as the API shows and takes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.core.json_api import Body, Shown, example
from app.dialogue.forms import AddendumForm, AnswerForm, QuestionForm
from app.dialogue.models import Addendum, AddendumKind, Question


class Asked(QuestionForm, Body):
    """A question to the owner."""

    model_config = example(text="Is there a transformer at the berth?", lang="en")


class Answered(AnswerForm, Body):
    """The question as all will read it, and its answer."""

    version: SkipJsonSchema[int] = 0


class Added(AddendumForm, Body):
    """A supplement to the text."""


class QuestionShown(Shown):
    """A question and its answer, as everybody reads them; nobody learns who asked."""

    id: int
    number: int | None = Field(description="In the order of publication; null: not answered yet.")
    lang: str
    question: str
    answer: str
    answered_at: datetime | None
    version: int = Field(description="For If-Match when it is answered.")

    @classmethod
    def of(cls, question: Question) -> Self:
        """Return a question; unanswered ones with the words of whoever asked."""
        return cls(
            id=question.id,
            number=question.number,
            lang=question.lang,
            question=question.published_text or question.text,
            answer=question.answer,
            answered_at=question.answered_at,
            version=question.version,
        )


class AddendumShown(Shown):
    """A numbered supplement."""

    number: int
    kind: AddendumKind
    lang: str
    text: str
    published_at: datetime

    @classmethod
    def of(cls, addendum: Addendum) -> Self:
        """Return an addendum."""
        return cls.model_validate({name: getattr(addendum, name) for name in cls.model_fields})


class DialogueShown(Shown):
    """What was asked and added so far."""

    questions: Sequence[QuestionShown]
    waiting: Sequence[QuestionShown] = Field(description="For those who answer; else empty.")
    addenda: Sequence[AddendumShown]
    takes_questions: bool
    may_ask: bool
    may_answer: bool


class Following(Shown):
    """Whether you follow a challenge."""

    challenge_id: int
    follows: bool
