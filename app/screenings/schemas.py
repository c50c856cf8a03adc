"""Screenings as the API shows them, and what those send who screen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field

from app.core.json_api import Body, Shown
from app.responses.models import ResponseState
from app.screenings.forms import InformationForm, ObjectionForm, QuestionForm
from app.screenings.models import Ground, InformationRequest, Objection


class Object(ObjectionForm, Body):
    """Why an answer should be left out: `must:<requirement id>` or another ground."""


class Ask(QuestionForm, Body):
    """The one question, and for how many days the organisation may think about it."""


class Inform(InformationForm, Body):
    """The reply of the answering organisation."""


class ObjectionShown(Shown):
    """What speaks against an answer."""

    ground: Ground
    requirement_id: int | None
    reason: str
    repair: str = Field(description="What would have made it eligible.")
    raised_at: datetime

    @classmethod
    def of(cls, objection: Objection) -> Self:
        """Return an objection."""
        return cls.model_validate({name: getattr(objection, name) for name in cls.model_fields})


class InformationShown(Shown):
    """The one question about an answer, and the reply."""

    question: str
    asked_at: datetime
    due_at: datetime = Field(description="Replies count before this moment.")
    reply: str
    replied_at: datetime | None

    @classmethod
    def of(cls, request: InformationRequest) -> Self:
        """Return a question with its reply."""
        return cls.model_validate({name: getattr(request, name) for name in cls.model_fields})


class Screened(Shown):
    """How far the screening of one answer is."""

    response_id: int
    state: ResponseState
    ground: Ground | None = Field(description="Of the objection, if there is one.")
    requirement_id: int | None = Field(description="Which one it is about, if it is about one.")
    objection: ObjectionShown | None = Field(description="In full, for those who screen.")
    may_screen: bool


class Screenings(Shown):
    """The screening of a challenge; without rows while sealed."""

    is_unsealed: bool
    left: int = Field(description="How many answers are still to be screened.")
    rows: Sequence[Screened]


class ScreeningChanged(Shown):
    """What a step of the screening led to."""

    response_id: int
    state: ResponseState
