"""What programs read of pilots."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import Field

from app.challenges.schemas import ChallengeRef, Happening
from app.core.i18n import gettext
from app.core.json_api import Shown
from app.core.problems import FieldError
from app.organisations.schemas import OrganisationRef
from app.pilots import policy
from app.pilots.models import (
    Aspect,
    Extension,
    Grade,
    Indicator,
    InterimReport,
    Judgement,
    Payment,
    Pilot,
    PilotState,
    PublicPart,
    Side,
    Verdict,
)
from app.pilots.pages import PilotPage


class PilotListed(Shown):
    """A pilot in the public list."""

    id: int
    challenge: ChallengeRef
    owner: OrganisationRef
    responder: OrganisationRef | None = Field(description="null: not public.")
    title: str
    lang: str = Field(description="Language of its texts.")
    state: PilotState
    verdict: Verdict | None
    lessons: str = Field(description="Markdown.")
    starts_on: date | None
    ends_on: date | None
    is_sample: bool = Field(description="Whether it was made up for trying the platform.")

    @classmethod
    def of(cls, pilot: Pilot) -> Self:
        """Return a pilot as everybody may read it."""
        is_named = PublicPart.RESPONDER not in pilot.hidden_parts
        return cls(**facts(pilot, is_named=is_named))


def facts(pilot: Pilot, *, is_named: bool) -> dict[str, object]:
    """Return what a list says of a pilot; the responder only if it is named."""
    same = (
        "id", "title", "lang", "state", "verdict", "lessons", "starts_on", "ends_on", "is_sample",
    )  # fmt: skip
    return {
        **{name: getattr(pilot, name) for name in same},
        "challenge": ChallengeRef.of(pilot.challenge),
        "owner": OrganisationRef.of(pilot.challenge.owner),
        "responder": OrganisationRef.of(pilot.response.organisation) if is_named else None,
    }


class IndicatorShown(Shown):
    """One thing that is measured."""

    id: int
    name: str
    unit: str
    baseline: str
    target: str
    method: str
    result: str
    note: str

    @classmethod
    def of(cls, indicator: Indicator) -> Self:
        """Return an indicator with its result so far."""
        return cls(**{name: getattr(indicator, name) for name in cls.model_fields})


class JudgementShown(Shown):
    """One aspect of the common grid."""

    aspect: Aspect
    grade: Grade
    words: str

    @classmethod
    def of(cls, judgement: Judgement) -> Self:
        """Return a judgement."""
        return cls(aspect=judgement.aspect, grade=judgement.grade, words=judgement.words)


class InterimReportShown(Shown):
    """What the responder reports while a pilot runs."""

    id: int
    number: int
    due_on: date
    text: str = Field(description="Markdown; empty until it is handed in.")
    handed_in_at: datetime | None

    @classmethod
    def of(cls, report: InterimReport) -> Self:
        """Return an interim report, handed in or due."""
        return cls(**{name: getattr(report, name) for name in cls.model_fields})


class ExtensionShown(Shown):
    """A longer term: proposed by one side, signed by the other once it is agreed."""

    id: int
    was_on: date
    ends_on: date
    reason: str
    side: Side
    proposed_at: datetime
    settled_at: datetime | None = Field(description="null: it waits for the other side.")
    is_agreed: bool

    @classmethod
    def of(cls, extension: Extension) -> Self:
        """Return a longer term."""
        return cls(**{name: getattr(extension, name) for name in cls.model_fields})


class Inside(Shown):
    """What only those concerned read of a pilot."""

    your_sides: Sequence[Side] = Field(description="For which you may act.")
    agreement: str = Field(description="What else is agreed; Markdown.")
    hidden: Sequence[PublicPart] = Field(
        description="What one side or the other keeps from the public."
    )
    signed_by: Sequence[Side]
    gaps: Sequence[FieldError] = Field(description="What a sheet lacks before it can be signed.")
    reports: Sequence[InterimReportShown]
    extensions: Sequence[ExtensionShown]
    history: Sequence[Happening] = Field(description="Newest first.")

    @classmethod
    def of(cls, pilot: Pilot, shown: PilotPage) -> Self:
        """Return what those concerned read."""
        return cls(
            your_sides=shown.sides,
            agreement=pilot.agreement,
            hidden=[part for part in PublicPart if part in pilot.hidden_parts],
            signed_by=[side for side in Side if side in shown.signed_by],
            gaps=[FieldError(field=gap.field, message=gettext(gap.words)) for gap in shown.gaps],
            reports=[InterimReportShown.of(report) for report in pilot.reports],
            extensions=[ExtensionShown.of(each) for each in pilot.extensions],
            history=[Happening.of(event) for event in shown.history],
        )


class PilotShown(PilotListed):
    """A pilot; what one of its sides keeps from you is null."""

    hypothesis: str | None
    indicators: Sequence[IndicatorShown] | None
    site_id: int | None
    place: str | None
    payment: Payment | None
    payment_eur: int | None
    judgements: Sequence[JudgementShown] | None
    verdict_reason: str = Field(description="Of the decision, or why it was stopped early.")
    begun_at: datetime | None
    reported_at: datetime | None
    ended_at: datetime | None
    sheet_version: int = Field(description="For If-Match when you sign or change the sheet.")
    replicated_by: Sequence[ChallengeRef] = Field(description="Public ones.")
    may_replicate: bool
    inside: Inside | None = Field(description="null: you are not concerned.")

    @classmethod
    def on(cls, pilot: Pilot, shown: PilotPage) -> Self:
        """Return a pilot as its page shows it."""
        parts, ended = shown.parts, pilot.ended_at
        has_site, is_paid = PublicPart.SITE in parts, PublicPart.PAYMENT in parts
        has_grid, has_rows = PublicPart.JUDGEMENT in parts, PublicPart.INDICATORS in parts
        same = ("begun_at", "reported_at", "ended_at", "sheet_version")
        return cls(
            **facts(pilot, is_named=PublicPart.RESPONDER in parts),
            **{name: getattr(pilot, name) for name in same},
            hypothesis=pilot.hypothesis if PublicPart.HYPOTHESIS in parts else None,
            indicators=[IndicatorShown.of(i) for i in pilot.indicators] if has_rows else None,
            site_id=pilot.site_id if has_site else None,
            place=pilot.place if has_site else None,
            payment=pilot.payment if is_paid else None,
            payment_eur=pilot.payment_eur if is_paid else None,
            judgements=[JudgementShown.of(j) for j in pilot.judgements] if has_grid else None,
            verdict_reason=pilot.verdict_reason if ended else "",
            replicated_by=[
                ChallengeRef.of(replication.challenge)
                for replication in shown.replications
                if replication.challenge.is_public
            ],
            may_replicate=shown.may_replicate,
            inside=Inside.of(pilot, shown) if shown.is_insider else None,
        )


class PilotSheet(Shown):
    """The sheet, for those who agree on it."""

    pilot_id: int
    state: PilotState
    title: str
    lang: str
    hypothesis: str
    rows: Sequence[IndicatorShown] = Field(description="The indicators.")
    site_id: int | None
    place: str
    starts_on: date | None
    ends_on: date | None
    report_months: int
    payment: Payment | None
    payment_eur: int | None
    agreement: str
    signed_by: Sequence[Side]
    gaps: Sequence[FieldError] = Field(description="What it lacks before it can be signed.")
    sheet_version: int = Field(description="The number in the ETag.")

    @classmethod
    def of(cls, pilot: Pilot) -> Self:
        """Return the sheet as it stands."""
        same = (
            "state", "title", "lang", "hypothesis", "site_id", "place", "starts_on", "ends_on",
            "report_months", "payment", "payment_eur", "agreement", "sheet_version",
        )  # fmt: skip
        return cls(
            pilot_id=pilot.id,
            **{name: getattr(pilot, name) for name in same},
            rows=[IndicatorShown.of(row) for row in pilot.indicators],
            signed_by=[side for side in Side if side in pilot.signed_by],
            gaps=[FieldError(field=g.field, message=gettext(g.words)) for g in policy.gaps(pilot)],
        )
