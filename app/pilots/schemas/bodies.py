"""What programs send about pilots."""

from typing import Literal

from pydantic.json_schema import SkipJsonSchema

from app.core.json_api import Body, example
from app.pilots.forms import (
    ConclusionForm,
    ExtensionForm,
    PublicityForm,
    ReasonForm,
    ReplicationForm,
    ReplyToExtensionForm,
    ReportForm,
    ResultsForm,
    SheetForm,
    StopForm,
)


class SheetWritten(SheetForm, Body):
    """The sheet as far as it is written; `rows` are the indicators, in order."""

    model_config = example(
        title="A plug on berth six",
        lang="en",
        hypothesis="If the plug comes to the ship, engines stop within ten minutes.",
        rows=[
            {
                "name": "Minutes with running engine",
                "unit": "min",
                "baseline": "55",
                "target": "10",
                "method": "Log of the ship",
            }
        ],
        place="Berth six",
        starts_on="2030-06-10",
        ends_on="2030-12-10",
        report_months=3,
        payment="paid",
        payment_eur=48_000,
    )

    sheet_version: SkipJsonSchema[int] = 0


class Results(ResultsForm, Body):
    """Results by the ids of their indicators; others stay as they are."""

    model_config = example(rows=[{"id": 3, "result": "8", "note": "Windy in November."}])

    then: SkipJsonSchema[Literal["save", "report"]] = "save"


class ReportWritten(ReportForm, Body):
    """An interim report."""


class GivenBack(ReasonForm, Body):
    """Why results go back to the responder; it is owed."""


class StoppedEarly(StopForm, Body):
    """Why a pilot ends early; once it has begun, its lessons are owed as well."""

    model_config = example(
        reason="The berth is closed.",
        lessons="Ask early who owns the cable duct.",
    )


class Concluded(ConclusionForm, Body):
    """The common grid with words, the decision with its reason, and the lessons."""

    model_config = example(
        effectiveness="fully",
        effectiveness_words="Engines stop after eight minutes.",
        feasibility="largely",
        feasibility_words="The cable is too heavy for one person.",
        durability="partly",
        durability_words="Salt eats the contacts; they are changed every year.",
        verdict="adapt",
        reason="It works, and needs a lighter cable.",
        lessons="Let those who plug it in choose the cable.",
    )


class ExtensionProposed(ExtensionForm, Body):
    """A later last day of a pilot that runs, and why; the reason is owed."""

    model_config = example(ends_on="2031-02-28", reason="The berth was closed for six weeks.")


class ExtensionReplied(ReplyToExtensionForm, Body):
    """Sign or decline; a reason is owed for declining."""

    model_config = example(reply="sign", extension_id=3)


class Publicity(PublicityForm, Body):
    """What your side keeps from the public."""


class TakenOver(ReplicationForm, Body):
    """For which of your organisations a pilot is taken over, under which title and where."""

    model_config = example(organisation_id=4, title="Shore power for barges", place="Brest")
