"""What a person may type about a pilot."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.amounts import TypedEuros
from app.core.forms import Form, FormModel, TypedDate, date_parts
from app.core.i18n import N_
from app.pilots.actions.agreeing import IndicatorLine, Sheet
from app.pilots.actions.ending import Conclusion
from app.pilots.actions.running import Measured
from app.pilots.models import Aspect, Grade, Payment, Pilot, PublicPart, Verdict

MAX_INDICATORS = 12
SPARE_ROWS = 2
REPORT_RHYTHMS = {
    "0": N_("No interim report"),
    "1": N_("Every month"),
    "3": N_("Every three months"),
    "6": N_("Every six months"),
}
Day = Annotated[TypedDate, Field(lt=date(2100, 1, 1))]
Text = Annotated[str, Field(max_length=5_000)]
Cell = Annotated[str, Field(max_length=120)]


def _number(typed: Any) -> Any:
    return int(typed) if isinstance(typed, str) and typed.isdecimal() else typed


class IndicatorRow(FormModel):
    """One thing that is measured."""

    name: Annotated[str, Field(max_length=120)]
    unit: Annotated[str, Field(max_length=40)] = ""
    baseline: Cell = ""
    target: Cell = ""
    method: Annotated[str, Field(max_length=500)] = ""


class SheetForm(FormModel):
    """The sheet, however far it is; what it lacks is said when somebody signs."""

    labels: ClassVar = {
        "title": N_("Title"),
        "hypothesis": N_("Hypothesis"),
        "site_id": N_("Living lab or test bed"),
        "place": N_("Place"),
        "starts_on": N_("First day"),
        "ends_on": N_("Last day"),
        "report_months": N_("Interim reports"),
        "payment": N_("Payment"),
        "payment_eur": N_("Amount in euros"),
        "agreement": N_("What else is agreed"),
        "rows[].name": N_("Indicator"),
        "rows[].baseline": N_("Today"),
        "rows[].target": N_("Target"),
        "rows[].method": N_("How it is measured"),
    }
    words: ClassVar = {
        "title:missing": N_("Give the pilot a title."),
        "rows[].name:missing": N_("Name the indicator, or leave its whole row empty."),
    }

    title: Annotated[str, Field(min_length=3, max_length=200)]
    lang: Literal["en", "de", "fr"]
    hypothesis: Text = ""
    rows: Annotated[list[IndicatorRow], Field(max_length=MAX_INDICATORS)] = []
    site_id: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    place: Annotated[str, Field(max_length=200)] = ""
    starts_on: Day | None = None
    ends_on: Day | None = None
    report_months: Annotated[Literal[0, 1, 3, 6], BeforeValidator(_number)] = 0
    payment: Payment | None = None
    payment_eur: TypedEuros | None = None
    agreement: Text = ""
    sheet_version: int = 0

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.starts_on and self.ends_on and self.ends_on <= self.starts_on:
            raise PydanticCustomError(
                "order_of_days", N_("“Last day”: choose a day after the first day.")
            )
        return self

    def sheet(self) -> Sheet:
        """Return what was typed as the actions take it."""
        values = self.model_dump(exclude={"rows", "sheet_version", "payment_eur"})
        return Sheet(
            **values,
            payment_eur=self.payment_eur if self.payment is Payment.PAID else None,
            indicators=[IndicatorLine(**row.model_dump()) for row in self.rows],
        )


def sheet_form(pilot: Pilot) -> Form[SheetForm]:
    """Return the form that shows a stored sheet."""
    names = ("title", "lang", "hypothesis", "place", "agreement")
    raw: dict[str, Any] = {name: getattr(pilot, name) for name in names}
    raw["site_id"] = str(pilot.site_id or "")
    raw["report_months"] = str(pilot.report_months)
    raw["payment"] = pilot.payment.value if pilot.payment else ""
    raw["payment_eur"] = "" if pilot.payment_eur is None else str(pilot.payment_eur)
    raw |= date_parts("starts_on", pilot.starts_on) | date_parts("ends_on", pilot.ends_on)
    for index, row in enumerate(pilot.indicators):
        for column in IndicatorRow.model_fields:
            raw[f"rows[{index}].{column}"] = getattr(row, column)
    return Form(raw=raw)


def row_count(pilot: Pilot, form: Form[SheetForm]) -> int:
    """Return how many rows of indicators the form shows: all that are filled, and spare ones."""
    typed = [int(key[5:].split("]")[0]) for key in form.raw if key.startswith("rows[")]
    filled = max([len(pilot.indicators), *(index + 1 for index in typed)])
    return min(MAX_INDICATORS, filled + (SPARE_ROWS if filled == len(pilot.indicators) else 0))


class SignatureForm(FormModel):
    """The version of the sheet that somebody read."""

    sheet_version: int = 0


class ResultRow(FormModel):
    """The result of one indicator."""

    id: Annotated[int, Field(ge=1, lt=2**31)]
    result: Cell = ""
    note: Annotated[str, Field(max_length=500)] = ""


class ResultsForm(FormModel):
    """Results as they come; ``then`` says whether they are reported as well."""

    labels: ClassVar = {"rows[].result": N_("Result"), "rows[].note": N_("Note")}

    rows: Annotated[list[ResultRow], Field(max_length=MAX_INDICATORS)] = []
    then: Literal["save", "report"] = "save"

    def results(self) -> Mapping[int, Measured]:
        """Return what was typed as the actions take it."""
        return {row.id: Measured(row.result, row.note) for row in self.rows}


def results_form(pilot: Pilot) -> Form[ResultsForm]:
    """Return the form that shows the results noted so far."""
    raw: dict[str, Any] = {}
    for index, row in enumerate(pilot.indicators):
        raw |= {f"rows[{index}].result": row.result, f"rows[{index}].note": row.note}
    return Form(raw=raw)


class ReportForm(FormModel):
    """An interim report."""

    labels: ClassVar = {"text": N_("Report")}
    words: ClassVar = {"text:missing": N_("Write the report.")}

    text: Annotated[str, Field(min_length=20, max_length=10_000)]


class ReasonForm(FormModel):
    """Why results go back."""

    labels: ClassVar = {"reason": N_("Reason")}

    reason: Annotated[str, Field(max_length=2_000)] = ""


class StopForm(ReasonForm):
    """Why a pilot ends early, and what there is to learn."""

    labels: ClassVar = {"reason": N_("Reason"), "lessons": N_("Lessons, for everybody to read")}

    lessons: Annotated[str, Field(max_length=10_000)] = ""


class ExtensionForm(ReasonForm):
    """A later last day, and why."""

    labels: ClassVar = {"ends_on": N_("New last day"), "reason": N_("Reason")}

    ends_on: Day


class ReplyToExtensionForm(ReasonForm):
    """Whether the other side signs a longer term."""

    reply: Literal["sign", "decline"]
    extension_id: Annotated[int, Field(ge=1, lt=2**31)]


GradeWords = Annotated[str, Field(min_length=3, max_length=1_000)]


class ConclusionForm(FormModel):
    """The common grid, the decision and the lessons."""

    labels: ClassVar = {
        **{aspect.value: aspect.words for aspect in Aspect},
        **{f"{aspect.value}_words": N_("In words") for aspect in Aspect},
        "verdict": N_("Decision"),
        "reason": N_("Reason for the decision"),
        "lessons": N_("Lessons, for everybody to read"),
    }
    words: ClassVar = {
        **{f"{aspect.value}:missing": N_("Choose a grade: “%(name)s”") for aspect in Aspect},
        **{
            f"{aspect.value}_words:missing": N_("Say in words what the grade rests on.")
            for aspect in Aspect
        },
        "verdict:missing": N_("Decide: scale, adapt or stop."),
        "reason:missing": N_("Write the reason for the decision."),
        "lessons:missing": N_("Write what others can learn from it, above all from what failed."),
    }

    effectiveness: Grade
    effectiveness_words: GradeWords
    feasibility: Grade
    feasibility_words: GradeWords
    durability: Grade
    durability_words: GradeWords
    verdict: Verdict
    reason: Annotated[str, Field(max_length=2_000)]
    lessons: Annotated[str, Field(min_length=20, max_length=10_000)]

    def conclusion(self) -> Conclusion:
        """Return what was typed as the actions take it."""
        grid = {
            Aspect.EFFECTIVENESS: (self.effectiveness, self.effectiveness_words),
            Aspect.FEASIBILITY: (self.feasibility, self.feasibility_words),
            Aspect.DURABILITY: (self.durability, self.durability_words),
        }
        return Conclusion(grid, self.verdict, self.reason, self.lessons)


class PublicityForm(FormModel):
    """What one side keeps from the public."""

    lists: ClassVar = frozenset({"hidden"})

    hidden: list[PublicPart] = []


class ReplicationForm(FormModel):
    """For whom a pilot is taken over, under which title and where."""

    labels: ClassVar = {
        "organisation_id": N_("For which organisation"),
        "title": N_("Title"),
        "place": N_("Place"),
    }
    words: ClassVar = {
        "title:missing": N_("Give the challenge a title."),
        "place:missing": N_("Say where it is to be replicated."),
        "organisation_id:missing": N_("Choose your organisation."),
    }

    organisation_id: Annotated[int, Field(ge=1, lt=2**31)]
    title: Annotated[str, Field(min_length=10, max_length=200)]
    place: Annotated[str, Field(min_length=2, max_length=200)]


def labelled(options: Sequence[Any]) -> list[tuple[str, str]]:
    """Return the options of an enumeration in the reader's language."""
    return [(option.value, option.label) for option in options]
