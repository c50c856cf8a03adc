"""What a sourcing file holds, as data: the published schema."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from app.trail.contents.later import Bought, CameOf, Trial
from app.trail.contents.lists import Difference, Listed, ListVersion, Share
from app.trail.contents.part import Part

__all__ = ["Difference", "ListVersion", "Listed", "Share"]

FORMAT = "quaylink-sourcing-file/2"


class NamedText(Part):
    code: str
    kind: str = ""
    text: str


class Weighed(Part):
    code: str
    name: str
    weight: int = Field(description="Share of the whole, in percent.")


class Protected(Part):
    heading: str
    layer: str = Field(description="Who reads it: signed_in, matched or agreed.")
    text: str


class FiledNeed(Part):
    reference: str
    title: str
    lang: str
    owner: str
    curating_cluster: str | None
    state: str
    mode: str
    ending: str | None
    summary: str
    need: str
    success_measure: str
    application_fields: list[str]
    place: str
    budget_eur: int | None
    budget_reason: str
    conditions: str
    answer_languages: list[str]
    answer_kinds: list[str]
    answer_countries: list[str]
    what_happens_next: str
    requirements: list[NamedText]
    criteria: list[Weighed]
    protected_parts: list[Protected]
    agreement: str


class FiledDates(Part):
    created_at: datetime
    submitted_at: datetime | None
    opens_on: date | None
    opened_at: datetime | None
    questions_until: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    decision_promised_on: date | None
    decided_at: datetime | None
    ended_at: datetime | None


class Proof(Part):
    code: str
    requirement: str
    verdict: str
    quote: str
    source: str


class Matched(Part):
    organisation: str
    rank: int | None = Field(description="None: gathered for one added by hand.")
    score: float
    parts: dict[str, float]
    flags: list[str]
    evidence: list[Proof]


class Run(Part):
    run: int
    created_at: datetime
    requested_by: str
    engine: dict[str, Any] = Field(description="Model, weights and versions that reproduce it.")
    documents_checksum: str
    eligible: int
    candidates: list[Matched]


class AnsweredQuestion(Part):
    number: int
    question: str
    answer: str
    answered_at: datetime | None
    answered_by: str


class PublishedAddendum(Part):
    number: int
    kind: str
    lang: str
    text: str
    published_at: datetime
    published_by: str


class SentMessage(Part):
    kind: str
    subject: str
    to: str
    organisations: list[str]
    written_at: datetime
    sent_at: datetime | None


class Seen(Part):
    who: str
    organisations: str
    layer: str
    accepted_agreement: bool
    at: datetime


class Information(Part):
    """Every information that was given, and to whom. What all may read went to all alike."""

    questions: list[AnsweredQuestion]
    addenda: list[PublishedAddendum]
    mails: list[SentMessage]
    mails_sealed: int = Field(description="E-mails that would tell who answers, still sealed.")
    disclosures: list[Seen]


class Sharing(Part):
    organisation: str
    part: str
    share: int
    state: str
    signed_at: datetime | None
    signed_by: str


class ScreeningQuestion(Part):
    question: str
    asked_at: datetime
    asked_by: str
    due_at: datetime
    reply: str
    replied_at: datetime | None


class Objected(Part):
    ground: str
    requirement: str | None
    reason: str
    repair: str
    raised_at: datetime
    raised_by: str


class Points(Part):
    criterion: str
    points: int | None
    comment: str


class Given(Part):
    evaluator: str
    locked_at: datetime | None
    scores: list[Points]


class Talked(Part):
    text: str
    recorded_at: datetime
    recorded_by: str


class Remark(Part):
    criterion: str
    strength: str
    gap: str


class Decided(Part):
    outcome: str
    reason: str
    strengths: str
    gaps: str
    feedback: list[Remark]
    reserve_place: int | None
    prepared_by: str
    released_at: datetime | None
    reply_by: datetime | None


class Answer(Part):
    organisation: str
    state: str
    is_given_back: bool = Field(
        description="The challenge was cancelled: what the answer says is its authors’ again, so "
        "its texts, prices and contact are empty here."
    )
    lang: str
    title: str
    approach: str
    timeline: str
    price_eur: int | None
    price_note: str
    contact: str
    submitted_at: datetime | None
    requirements: list[NamedText]
    lead_share: int
    partners: list[Sharing]
    question: ScreeningQuestion | None
    objection: Objected | None
    scores: list[Given] | None = Field(description="None until every evaluator has locked theirs.")
    discussion: Talked | None
    decision: Decided | None = Field(description="None until it is released.")


class Panellist(Part):
    name: str
    state: str
    proposed_at: datetime
    proposed_by: str
    declared_at: datetime | None
    recused_for: str | None = Field(description="The sort of conflict, never more.")


class Line(Part):
    number: int
    at: datetime
    action: str
    about: str
    from_state: str
    to_state: str
    who: str
    is_erased: bool = Field(description="Whether the journal was made to forget who it was.")
    on_behalf_of: str
    reason: str
    details: dict[str, Any]
    sha256: str
    is_sealed: bool = Field(description="Whether the event is what was sealed.")


class SourcingFile(Part):
    """The complete sourcing file of one challenge; the same state gives the same bytes."""

    format: str = FORMAT
    sealed: list[str] = Field(description="What is left out as yet, or closed to this reader.")
    need: FiledNeed
    dates: FiledDates
    runs: list[Run]
    lists: list[ListVersion]
    information: Information
    answers: list[Answer] | None = Field(
        description="None while they are sealed, and for good if nobody opened them before the "
        "challenge was cancelled. Withdrawn answers are not among them."
    )
    answers_withdrawn: int | None = Field(
        description="How many were handed in and taken back. None where answers is."
    )
    panel: list[Panellist] | None = Field(description="None for those who may not know it.")
    pilots: list[Trial] | None = Field(description="None while the answers are sealed.")
    came_of: list[CameOf]
    purchases: list[Bought]
    trail: list[Line]
