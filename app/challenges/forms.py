"""What the owner of a challenge may type, section by section."""

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from starlette.datastructures import FormData
from typing_extensions import override

from app.challenges.models import Challenge, Requirement, RequirementKind, Section, end_of
from app.core.amounts import TypedEuros
from app.core.forms import Form, FormModel, TypedDate, date_parts, nest
from app.core.i18n import LOCALES, N_
from app.taxonomy.models import application_fields

MAX_REQUIREMENTS = 12
BLANK_ROWS = 2
WITHOUT_CLUSTER = "none"

Language = Literal["en", "de", "fr"]
Day = Annotated[TypedDate, Field(lt=date(2100, 1, 1))]
Raw = dict[str, str | list[str]]


def _one_of(allowed: Callable[[], Collection[str]]) -> AfterValidator:
    """Return a check that a list holds only allowed values (its error lies on the whole list)."""

    def check(values: list[str]) -> list[str]:
        if not set(values) <= set(allowed()):
            raise PydanticCustomError("unknown", N_("“%(name)s”: choose one of the options."))
        return values

    return AfterValidator(check)


class NewChallengeForm(FormModel):
    """What a draft starts with."""

    labels = {"title": N_("Title"), "lang": N_("Language of the text"), "owner": N_("Owner")}

    title: str = Field(max_length=120)
    lang: Language
    owner: str = ""


class SectionForm(FormModel):
    """One section: how it is shown from a challenge, and what it changes in it.

    All fields but the title may stay empty, because a draft can be saved at any time.
    """

    def changes(self) -> dict[str, Any]:
        """Return the challenge's attributes as typed."""
        return self.model_dump()

    @staticmethod
    @abstractmethod
    def raw(challenge: Challenge) -> Raw:
        """Return the fields that show what is stored."""


class NeedForm(SectionForm):
    """What is needed, and how success shows."""

    labels = {
        "title": N_("Title"),
        "summary": N_("Summary"),
        "need": N_("The need"),
        "success_measure": N_("How success is measured"),
        "lang": N_("Language of the text"),
        "field_ids": N_("Application fields"),
    }
    lists = frozenset({"field_ids"})

    title: str = Field(max_length=120)
    summary: str = Field("", max_length=400)
    need: str = Field("", max_length=12_000)
    success_measure: str = Field("", max_length=2_000)
    lang: Language
    field_ids: Annotated[list[str], _one_of(application_fields)] = Field([], max_length=5)

    @override
    @staticmethod
    def raw(challenge: Challenge) -> Raw:
        return {
            "title": challenge.title,
            "summary": challenge.summary,
            "need": challenge.need,
            "success_measure": challenge.success_measure,
            "lang": challenge.lang,
            "field_ids": challenge.field_ids,
        }


class RequirementRow(FormModel):
    """One requirement; a row without text is dropped."""

    text: str = Field("", max_length=400)
    kind: RequirementKind = RequirementKind.MUST


class RequirementsForm(SectionForm):
    """What a solution must or should do, in order."""

    labels = {"rows": N_("Requirements"), "rows[].text": N_("Requirement")}
    words = {"rows:too_long": N_("“%(name)s”: keep to %(max_length)s, the most important ones.")}

    rows: list[RequirementRow] = Field([], max_length=MAX_REQUIREMENTS)

    @override
    def changes(self) -> dict[str, Any]:
        written = (row for row in self.rows if row.text)
        requirements = [
            Requirement(position=position, kind=row.kind, text=row.text)
            for position, row in enumerate(written, start=1)
        ]
        return {"requirements": requirements}

    @override
    @staticmethod
    def raw(challenge: Challenge) -> Raw:
        rows = [{"text": r.text, "kind": r.kind.value} for r in challenge.requirements]
        return raw_rows(rows or [{"text": ""}] * BLANK_ROWS)


def raw_rows(rows: list[dict[str, str]]) -> Raw:
    """Return the fields that show these rows."""
    raw: Raw = {}
    for index, row in enumerate(rows):
        raw[f"rows[{index}].text"] = row.get("text", "")
        raw[f"rows[{index}].kind"] = row.get("kind", RequirementKind.MUST.value)
    return raw


def row_count(form: Form[Any]) -> int:
    """Return how many rows a form of requirements shows."""
    return sum(name.endswith(".text") for name in form.raw)


def redrawn(data: FormData, do: str) -> Form[RequirementsForm]:
    """Return the typed rows after a button that only rearranges them; nothing is checked.

    :param do: ``add``, ``remove:<index>``, ``up:<index>`` or ``down:<index>``
    """
    typed = nest(data).get("rows", [])
    rows = [row for row in typed if isinstance(row, dict)] if isinstance(typed, list) else []
    verb, _, index = do.partition(":")
    at = int(index) if index.isascii() and index.isdecimal() else len(rows)
    if verb == "add" and len(rows) < MAX_REQUIREMENTS:
        rows.append({})
    elif verb == "remove":
        del rows[at : at + 1]
    elif verb == "up" and 0 < at < len(rows):
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    elif verb == "down" and at + 1 < len(rows):
        rows[at + 1], rows[at] = rows[at], rows[at + 1]
    return Form(raw=raw_rows(rows or [{"text": ""}]))


class ConditionsForm(SectionForm):
    """Where, for how much and under which terms."""

    labels = {
        "place": N_("Where"),
        "budget_eur": N_("Budget in euros"),
        "budget_reason": N_("Why no budget is named"),
        "conditions": N_("Conditions"),
        "answer_languages": N_("Languages of answers"),
    }
    lists = frozenset({"answer_languages"})

    place: str = Field("", max_length=200)
    budget_eur: TypedEuros | None = None
    budget_reason: str = Field("", max_length=500)
    conditions: str = Field("", max_length=5_000)
    answer_languages: Annotated[list[str], _one_of(lambda: LOCALES)] = []

    @override
    @staticmethod
    def raw(challenge: Challenge) -> Raw:
        return {
            "place": challenge.place,
            "budget_eur": "" if challenge.budget_eur is None else str(challenge.budget_eur),
            "budget_reason": challenge.budget_reason,
            "conditions": challenge.conditions,
            "answer_languages": challenge.answer_languages,
        }


class DatesForm(SectionForm):
    """From when to when answers count, and what follows."""

    labels = {
        "opens_on": N_("Opens on"),
        "last_day": N_("Last day for answers"),
        "decision_on": N_("Decision by"),
        "what_happens_next": N_("What happens next"),
    }

    words = dict.fromkeys(
        ("opens_on:less_than", "last_day:less_than", "decision_on:less_than"),
        N_("“%(name)s”: choose a day before the year 2100."),
    )

    opens_on: Day | None = None
    last_day: Day | None = None
    decision_on: Day | None = None
    what_happens_next: str = Field("", max_length=2_000)

    @override
    def changes(self) -> dict[str, Any]:
        return {
            "opens_on": self.opens_on,
            "closes_at": end_of(self.last_day) if self.last_day else None,
            "decision_on": self.decision_on,
            "what_happens_next": self.what_happens_next,
        }

    @override
    @staticmethod
    def raw(challenge: Challenge) -> Raw:
        return {
            **date_parts("opens_on", challenge.opens_on),
            **date_parts("last_day", challenge.last_day),
            **date_parts("decision_on", challenge.decision_on),
            "what_happens_next": challenge.what_happens_next,
        }


class ClusterForm(SectionForm):
    """Which cluster, or the region, looks after the challenge."""

    labels = {"cluster": N_("Cluster")}

    cluster: str = ""

    @override
    def changes(self) -> dict[str, Any]:
        return {
            "curating_cluster_id": int(self.cluster) if self.cluster.isdecimal() else None,
            "without_cluster": self.cluster == WITHOUT_CLUSTER,
        }

    @override
    @staticmethod
    def raw(challenge: Challenge) -> Raw:
        if challenge.curating_cluster_id:
            return {"cluster": str(challenge.curating_cluster_id)}
        return {"cluster": WITHOUT_CLUSTER if challenge.without_cluster else ""}


SECTION_FORMS: Mapping[Section, type[SectionForm]] = {
    Section.NEED: NeedForm,
    Section.REQUIREMENTS: RequirementsForm,
    Section.CONDITIONS: ConditionsForm,
    Section.DATES: DatesForm,
    Section.CLUSTER: ClusterForm,
}


class ReviewForm(FormModel):
    """A moderator's decision."""

    labels = {"decision": N_("Decision"), "reason": N_("Reason")}

    decision: Literal["approve", "request_changes", "decline"]
    reason: str = Field("", max_length=4_000)
    version: int = 0
