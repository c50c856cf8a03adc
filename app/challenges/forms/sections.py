"""What the owner of a challenge may type, section by section."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import override

from app.challenges.forms.rows import CriteriaForm, RequirementsForm
from app.challenges.forms.section_form import Raw, SectionForm
from app.challenges.models import (
    Challenge,
    Mode,
    Section,
    end_of,
)
from app.challenges.starters import STARTERS
from app.core.amounts import TypedEuros
from app.core.forms import FormModel, TypedDate, date_parts
from app.core.i18n import LOCALES, N_
from app.organisations.models import COUNTRIES, OrganisationKind
from app.taxonomy.models import application_fields

WITHOUT_CLUSTER = "none"
ASKED_KINDS = tuple(kind.value for kind in OrganisationKind if kind is not OrganisationKind.CLUSTER)

Language = Literal["en", "de", "fr"]
Day = Annotated[TypedDate, Field(lt=date(2100, 1, 1))]


def _one_of(allowed: Callable[[], Collection[str]]) -> AfterValidator:
    """Return a check that a list holds only allowed values (its error lies on the whole list)."""

    def check(values: list[str]) -> list[str]:
        if not set(values) <= set(allowed()):
            raise PydanticCustomError("unknown", N_("“%(name)s”: choose one of the options."))
        return values

    return AfterValidator(check)


class NewChallengeForm(FormModel):
    """What a draft starts with."""

    labels = {
        "title": N_("Title"),
        "lang": N_("Language of the text"),
        "owner": N_("Owner"),
        "starter": N_("Start from"),
    }

    title: str = Field(max_length=120)
    lang: Language
    owner: str = ""
    starter: str = Field("", pattern=f"^({'|'.join(each.code for each in STARTERS)})?$")


class CopyForm(FormModel):
    """The title of a copy; everything else is taken over."""

    labels = {"title": N_("Title")}

    title: str = Field(max_length=120)


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


class ConditionsForm(SectionForm):
    """Where, for how much and under which terms."""

    labels = {
        "place": N_("Where"),
        "budget_eur": N_("Budget in euros"),
        "budget_reason": N_("Why no budget is named"),
        "conditions": N_("Conditions"),
        "answer_languages": N_("Languages of answers"),
        "answer_kinds": N_("Who may answer"),
        "answer_countries": N_("From which countries"),
    }
    lists = frozenset({"answer_languages", "answer_kinds", "answer_countries"})

    place: str = Field("", max_length=200)
    budget_eur: TypedEuros | None = None
    budget_reason: str = Field("", max_length=500)
    conditions: str = Field("", max_length=5_000)
    answer_languages: Annotated[list[str], _one_of(lambda: LOCALES)] = []
    answer_kinds: Annotated[list[str], _one_of(lambda: ASKED_KINDS)] = []
    answer_countries: Annotated[list[str], _one_of(lambda: COUNTRIES)] = []

    @override
    @staticmethod
    def raw(challenge: Challenge) -> Raw:
        return {
            "place": challenge.place,
            "budget_eur": "" if challenge.budget_eur is None else str(challenge.budget_eur),
            "budget_reason": challenge.budget_reason,
            "conditions": challenge.conditions,
            "answer_languages": challenge.answer_languages,
            "answer_kinds": challenge.answer_kinds,
            "answer_countries": challenge.answer_countries,
        }


class DatesForm(SectionForm):
    """From when to when answers count, and what follows."""

    labels = {
        "mode": N_("How answers are collected"),
        "opens_on": N_("Opens on"),
        "questions_last_day": N_("Last day for questions"),
        "last_day": N_("Last day for answers"),
        "decision_on": N_("Decision by"),
        "what_happens_next": N_("What happens next"),
    }

    words = dict.fromkeys(
        (
            "opens_on:less_than",
            "questions_last_day:less_than",
            "last_day:less_than",
            "decision_on:less_than",
        ),
        N_("“%(name)s”: choose a day before the year 2100."),
    )

    mode: Mode = Mode.DEADLINE
    opens_on: Day | None = None
    questions_last_day: Day | None = None
    last_day: Day | None = None
    decision_on: Day | None = None
    what_happens_next: str = Field("", max_length=2_000)

    @override
    def changes(self) -> dict[str, Any]:
        asked_until = self.questions_last_day
        return {
            "mode": self.mode,
            "opens_on": self.opens_on,
            "questions_until": end_of(asked_until) if asked_until else None,
            "closes_at": end_of(self.last_day) if self.last_day else None,
            "decision_on": self.decision_on,
            "what_happens_next": self.what_happens_next,
        }

    @override
    @staticmethod
    def raw(challenge: Challenge) -> Raw:
        return {
            "mode": challenge.mode.value,
            **date_parts("opens_on", challenge.opens_on),
            **date_parts("questions_last_day", challenge.last_day_for_questions),
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
    Section.CRITERIA: CriteriaForm,
    Section.CONDITIONS: ConditionsForm,
    Section.DATES: DatesForm,
    Section.CLUSTER: ClusterForm,
}
