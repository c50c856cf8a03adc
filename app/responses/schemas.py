"""Answers as the API shows and takes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.challenges.schemas import ChallengeRef
from app.core.json_api import Body, Shown, example
from app.organisations.schemas import OrganisationRef
from app.responses.forms import ResponseForm, StartForm
from app.responses.models import PartnerState, Response, ResponsePartner, ResponseState


class Start(StartForm, Body):
    """Which of your organisations answers."""

    model_config = example(organisation_id=4)


class Draft(ResponseForm, Body):
    """An answer as far as it is written; anything may still be empty."""

    model_config = example(
        lang="en",
        title="A plug in ten minutes",
        approach="A robot arm brings the plug to the ship; it was tested at two berths.",
        answers=[{"requirement_id": 3, "text": "Eight minutes in the test, see the report."}],
        price_eur=50_000,
    )

    version: SkipJsonSchema[int] = 0


class RequirementAnswered(Shown):
    """How one requirement is met."""

    requirement_id: int
    code: str = Field(examples=["R1"])
    text: str


class PartnerShown(Shown):
    """An organisation that takes over a part."""

    id: int
    organisation: OrganisationRef
    part: str
    share: int = Field(description="In percent.")
    state: PartnerState

    @classmethod
    def of(cls, partner: ResponsePartner) -> Self:
        """Return a partner."""
        return cls(
            id=partner.id,
            organisation=OrganisationRef.of(partner.organisation),
            part=partner.part,
            share=partner.share,
            state=partner.state,
        )


class ResponseListed(Shown):
    """An answer in a list."""

    id: int
    organisation: OrganisationRef
    state: ResponseState
    title: str
    lang: str = Field(description="Language of its texts.")
    submitted_at: datetime | None

    @classmethod
    def of(cls, response: Response) -> Self:
        """Return an answer as those see it who receive it."""
        return cls(
            id=response.id,
            organisation=OrganisationRef.of(response.organisation),
            state=response.state,
            title=response.title,
            lang=response.lang,
            submitted_at=response.submitted_at,
        )


class ResponseShown(ResponseListed):
    """An answer with all its texts."""

    challenge: ChallengeRef
    approach: str
    answers: Sequence[RequirementAnswered]
    timeline: str
    price_eur: int | None
    price_note: str
    contact: str
    partners: Sequence[PartnerShown]
    lead_share: int
    updated_at: datetime
    version: int = Field(description="The number in the ETag.")

    @classmethod
    def whole(cls, response: Response, *, is_own: bool) -> Self:
        """Return a whole answer; its authors learn its state as far as it is told."""
        listed = ResponseListed.of(response).model_dump()
        same = ("approach", "timeline", "price_eur", "price_note", "contact", "lead_share")
        return cls(
            **{**listed, "state": response.told_state if is_own else response.state},
            **{name: getattr(response, name) for name in same},
            challenge=ChallengeRef.of(response.challenge),
            answers=[
                RequirementAnswered(
                    requirement_id=requirement.id,
                    code=requirement.code,
                    text=response.answer_to(requirement),
                )
                for requirement in response.challenge.requirements
            ],
            partners=[PartnerShown.of(partner) for partner in response.partners],
            updated_at=response.updated_at,
            version=response.version,
        )


class Answering(Shown):
    """Whether and for whom you may answer a challenge."""

    takes_answers: bool
    existing: dict[int, int] = Field(description="Organisation id → id of its answer.")
    free: Sequence[OrganisationRef] = Field(description="Who could start an answer.")
    barred: Sequence[OrganisationRef] = Field(description="Who may not answer.")


class Received(Shown):
    """What a challenge received; sealed until it may be read."""

    is_unsealed: bool
    count: int
    responses: Sequence[ResponseListed] = Field(description="Empty while sealed.")
