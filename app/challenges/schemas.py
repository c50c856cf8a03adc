"""Challenges as the API shows them, and the bodies that it takes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Self

from pydantic import Field
from typing_extensions import override

from app.challenges.coach import Hint
from app.challenges.forms.review import ReviewForm
from app.challenges.forms.rows import CriteriaForm, RequirementsForm
from app.challenges.forms.sections import (
    ClusterForm,
    ConditionsForm,
    CopyForm,
    DatesForm,
    NeedForm,
    NewChallengeForm,
)
from app.challenges.models import (
    Challenge,
    ChallengeState,
    Ending,
    Mode,
    RequirementKind,
    Section,
)
from app.challenges.policy import Gap
from app.core.i18n import gettext
from app.core.journal import Event
from app.core.json_api import Body, Shown, example
from app.organisations.schemas import OrganisationRef


class NewChallenge(NewChallengeForm, Body):
    """What a draft starts with; `owner` is the id of one of your organisations."""

    model_config = example(title="Shore power for ferries at berth", lang="en")


class NewCopy(CopyForm, Body):
    """The title of a copy."""


class Need(NeedForm, Body):
    """What is needed, and how success shows."""

    model_config = example(
        title="Shore power for ferries at berth",
        lang="en",
        summary="Ferries lie at the quay with running engines.",
        need="Our ferries run their diesel engines at berth. Neighbours complain of the air.",
        success_measure="No engine runs for longer than fifteen minutes at berth.",
        field_ids=["electric-mobility"],
    )


class Requirements(RequirementsForm, Body):
    """What a solution must or should do, in order."""

    model_config = example(
        rows=[
            {"text": "Connects a ferry within ten minutes", "kind": "must"},
            {"text": "Works at 400 volts", "kind": "nice"},
        ],
    )


class Criteria(CriteriaForm, Body):
    """By what answers are judged; the weights add to 100."""

    model_config = example(
        criteria=[{"name": "Fit", "weight": 60}, {"name": "Price", "weight": 40}],
    )


class Conditions(ConditionsForm, Body):
    """Where, for how much and under which terms."""

    model_config = example(place="Hamburg", budget_eur=60_000, answer_languages=["en", "de"])


class Dates(DatesForm, Body):
    """From when to when answers count; days are local, answers count until the end of the last."""

    model_config = example(
        mode="deadline",
        opens_on="2030-06-10",
        last_day="2030-07-10",
        decision_on="2030-08-10",
        what_happens_next="Three are invited to the berth.",
    )


class Cluster(ClusterForm, Body):
    """Who looks after it: the id of a cluster, or `none` for the regional developers."""


class Review(ReviewForm, Body):
    """A moderator's decision; a reason is owed unless it is approved."""

    model_config = example(decision="request_changes", reason="Say how success is measured.")


class ChallengeRef(Shown):
    """Which challenge."""

    id: int
    reference: str = Field(examples=["QL-7"])
    title: str
    lang: str = Field(description="Language of its texts.")
    state: ChallengeState

    @classmethod
    def of(cls, challenge: Challenge) -> Self:
        """Return the reference to a challenge."""
        return cls(
            id=challenge.id,
            reference=challenge.reference,
            title=challenge.title,
            lang=challenge.lang,
            state=challenge.state,
        )


class ChallengeListed(ChallengeRef):
    """A challenge in a list."""

    mode: Mode
    summary: str
    owner: OrganisationRef
    cluster: OrganisationRef | None = Field(description="Who looks after it; null: the region.")
    field_ids: list[str] = Field(description="Application fields, by their id in the taxonomy.")
    place: str
    budget_eur: int | None
    protected_facts: Sequence[str] = Field(
        description="Facts that not everybody reads; they stand among the protected parts.",
        examples=[["budget"]],
    )
    opens_on: date | None
    closes_at: datetime | None = Field(description="Answers count before this moment (UTC).")
    questions_until: datetime | None
    decision_on: date | None = Field(description="The day by which a decision is promised.")
    opened_at: datetime | None
    updated_at: datetime

    @override
    @classmethod
    def of(cls, challenge: Challenge) -> Self:
        """Return a challenge that has its owner and cluster loaded."""
        cluster = challenge.curating_cluster
        return cls(
            **ChallengeRef.of(challenge).model_dump(),
            mode=challenge.mode,
            summary=challenge.summary,
            owner=OrganisationRef.of(challenge.owner),
            cluster=OrganisationRef.of(cluster) if cluster else None,
            field_ids=challenge.field_ids,
            place=challenge.in_public("place") or "",
            budget_eur=challenge.in_public("budget_eur"),
            protected_facts=sorted(challenge.fact_layers),
            opens_on=challenge.opens_on,
            closes_at=challenge.closes_at,
            questions_until=challenge.questions_until,
            decision_on=challenge.decision_on,
            opened_at=challenge.opened_at,
            updated_at=challenge.updated_at,
        )


class RequirementShown(Shown):
    """One thing a solution must or should do."""

    id: int
    code: str = Field(examples=["R1"])
    kind: RequirementKind
    text: str


class CriterionShown(Shown):
    """One thing by which answers are judged."""

    id: int
    code: str = Field(examples=["C1"])
    name: str
    weight: int = Field(description="Its share of the whole, in hundredths.")


class Happening(Shown):
    """Something that happened to a challenge, without names of people."""

    action: str = Field(examples=["challenge.extended"])
    at: datetime
    reason: str

    @classmethod
    def of(cls, event: Event) -> Self:
        """Return an event as everybody may read it."""
        return cls(action=event.action, at=event.at, reason=event.reason)


class ChallengeShown(ChallengeListed):
    """A challenge with all its texts."""

    need: str
    success_measure: str
    requirements: list[RequirementShown]
    criteria: list[CriterionShown]
    budget_reason: str = Field(description="Why no budget is named, where none is.")
    conditions: str
    answer_languages: list[str] = Field(description="Languages of answers; none: all.")
    answer_kinds: list[str] = Field(description="Kinds of organisations that may answer.")
    answer_countries: list[str] = Field(description="Countries whose organisations may answer.")
    what_happens_next: str
    takes_answers: bool
    takes_questions: bool
    is_late: bool = Field(description="Whether a promised decision is overdue.")
    ending: Ending | None = Field(description="What became of it in the end.")
    closed_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    version: int = Field(description="The number in the ETag.")
    is_sample: bool = Field(description="Whether it was made up for trying the platform.")
    source: str
    happenings: list[Happening] = Field(description="The public timeline, newest first.")

    @classmethod
    def at(cls, challenge: Challenge, now: datetime, history: Iterable[Event]) -> Self:
        """Return a whole challenge as it is at a moment, with its public timeline."""
        same = (
            "need", "success_measure", "answer_languages",
            "answer_kinds", "answer_countries", "what_happens_next", "ending", "closed_at",
            "decided_at", "ended_at", "version", "is_sample", "source",
        )  # fmt: skip
        return cls(
            **ChallengeListed.of(challenge).model_dump(),
            **{name: getattr(challenge, name) for name in same},
            budget_reason=challenge.in_public("budget_reason") or "",
            conditions=challenge.in_public("conditions") or "",
            requirements=[
                RequirementShown(id=r.id, code=r.code, kind=r.kind, text=r.text)
                for r in challenge.requirements
            ],
            criteria=[
                CriterionShown(id=c.id, code=c.code, name=c.name, weight=c.weight)
                for c in challenge.criteria
            ],
            takes_answers=challenge.takes_answers(now),
            takes_questions=challenge.takes_questions(now),
            is_late=challenge.is_late(now),
            happenings=[Happening.of(event) for event in history],
        )


class GapShown(Shown):
    """Something to fill in before the challenge can be submitted."""

    section: Section
    field: str
    message: str

    @classmethod
    def of(cls, gap: Gap) -> Self:
        """Return a gap in the reader's language."""
        return cls(section=gap.section, field=gap.field, message=gettext(gap.words))


class HintShown(Shown):
    """What would make the text better; nothing depends on it."""

    section: Section
    message: str

    @classmethod
    def of(cls, hint: Hint) -> Self:
        """Return a hint in the reader's language."""
        return cls(section=hint.section, message=gettext(hint.words) % hint.given)


class Check(Shown):
    """What a draft lacks, and what would make it better."""

    gaps: list[GapShown]
    hints: list[HintShown]


class ApplicationFieldShown(Shown):
    """An application field of the taxonomy."""

    id: str
    names: dict[str, str] = Field(description="Its name in English, German and French.")
    future_field_names: dict[str, str] = Field(description="The wider field that it is part of.")
