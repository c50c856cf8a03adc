"""Sections that are lists: requirements, and criteria with their weights."""

from typing import Any

from pydantic import Field
from starlette.datastructures import FormData
from typing_extensions import override

from app.challenges.forms.section_form import Raw, SectionForm
from app.challenges.models import (
    TOTAL_WEIGHT,
    Challenge,
    Criterion,
    Requirement,
    RequirementKind,
)
from app.challenges.policy import usual_criteria
from app.core.forms import Form, FormModel, nest
from app.core.i18n import N_

MAX_REQUIREMENTS = 12
BLANK_ROWS = 2
MAX_CRITERIA = 6


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


class CriterionRow(FormModel):
    """One criterion; a row without name and weight is dropped."""

    name: str = Field("", max_length=80)
    weight: int = Field(0, ge=0, le=TOTAL_WEIGHT)


class CriteriaForm(SectionForm):
    """By what answers are judged, and how much each of it counts."""

    labels = {
        "criteria": N_("Criteria"),
        "criteria[].name": N_("Criterion"),
        "criteria[].weight": N_("Weight"),
    }

    criteria: list[CriterionRow] = Field([], max_length=MAX_CRITERIA)

    @override
    def changes(self) -> dict[str, Any]:
        written = (row for row in self.criteria if row.name or row.weight)
        criteria = [
            Criterion(position=position, name=row.name, weight=row.weight)
            for position, row in enumerate(written, start=1)
        ]
        return {"criteria": criteria}

    @override
    @staticmethod
    def raw(challenge: Challenge) -> Raw:
        stored = [(criterion.name, criterion.weight) for criterion in challenge.criteria]
        raw: Raw = {}
        for index, (name, weight) in enumerate(stored or usual_criteria(challenge.lang)):
            raw[f"criteria[{index}].name"] = name
            raw[f"criteria[{index}].weight"] = str(weight)
        return raw
