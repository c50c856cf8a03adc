"""What a sourcing file holds of the time after the decision."""

from datetime import date, datetime

from pydantic import Field

from app.trail.contents.part import Part


class Measured(Part):
    name: str
    unit: str
    baseline: str
    target: str
    result: str


class Signed(Part):
    side: str
    name: str
    sheet_version: int
    signed_at: datetime


class Trial(Part):
    """A pilot, as both sides agreed on it, and what came of it."""

    organisation: str
    state: str
    lang: str
    title: str
    hypothesis: str
    site: str
    starts_on: date | None
    ends_on: date | None
    payment: str | None
    payment_eur: int | None
    indicators: list[Measured]
    signatures: list[Signed]
    verdict: str | None
    verdict_reason: str
    lessons: str


class CameOf(Part):
    """What an organisation says came of it, purchases too, where it lets others read that."""

    organisation: str
    outcome: str
    amount_eur: int | None = Field(description="Of the contract, if one was signed.")
    note: str
    answered_at: datetime | None


class Bought(Part):
    """What the owner bought after the challenge."""

    what: str
    route: str
    link: str = Field(description="To the notice or the contract; empty where there is none.")
    recorded_at: datetime
    recorded_by: str
