"""The owner's pages: the task list, its sections, and the check before submitting."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from starlette.datastructures import FormData

from app.challenges import policy
from app.challenges.coach import Hint, hints
from app.challenges.forms.section_form import SectionForm
from app.challenges.forms.sections import ASKED_KINDS, SECTION_FORMS, WITHOUT_CLUSTER
from app.challenges.models import Challenge, ChallengeState, Mode, RequirementKind, Section
from app.challenges.pages.reading import Part
from app.challenges.policy import Days, Gap, Progress
from app.challenges.starters import STARTERS
from app.core import journal
from app.core.database import DbSession
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.i18n import N_, TIME_ZONE, country_name, gettext, pgettext
from app.core.journal import Event
from app.organisations.models import COUNTRIES, Organisation, OrganisationKind
from app.organisations.policy import Actor
from app.organisations.queries import verified_clusters
from app.taxonomy.models import application_fields

DATE_FIELDS = ("opens_on", "questions_last_day", "last_day", "decision_on")


@dataclass(frozen=True)
class Task:
    """A section in the task list."""

    section: Section
    progress: Progress
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class TaskList:
    """What is done and what is left of a draft."""

    tasks: tuple[Task, ...]
    history: Sequence[Event]
    hints: Sequence[Hint]
    asked_for: Event | None
    """The newest request for changes, while it stands."""

    @property
    def done(self) -> int:
        """How many sections are complete."""
        return sum(task.progress is Progress.COMPLETE for task in self.tasks)


DraftingContributor = Callable[[DbSession, Challenge, Section], Iterable[Part]]
"""Asked for each view of a section; what it brings stands beside the form."""


@dataclass(frozen=True)
class Line:
    """A fact of the challenge in a summary: ``field`` is its name in the section's form."""

    section: Section
    field: str
    words: str


@dataclass(frozen=True)
class Conflict:
    """Somebody else saved the section meanwhile: who, when, and which facts differ."""

    saved: Event
    lines: tuple[Line, ...]


def local_day(now: datetime) -> date:
    """Return the day it is here."""
    return now.astimezone(TIME_ZONE).date()


def task_list(session: DbSession, challenge: Challenge, now: datetime) -> TaskList:
    """Return the task list of a draft."""
    today = local_day(now)
    gaps = policy.gaps(challenge, today)
    history = journal.history(session, challenge)
    is_asked = challenge.state is ChallengeState.CHANGES_REQUESTED
    requests = (e for e in history if e.to_state == ChallengeState.CHANGES_REQUESTED)
    return TaskList(
        tasks=tuple(
            Task(section, progress, tuple(gap for gap in gaps if gap.section is section))
            for section, progress in policy.progress(challenge, today).items()
        ),
        history=history,
        hints=hints(challenge),
        asked_for=next(requests, None) if is_asked else None,
    )


def lines() -> list[Line]:
    """Return every fact of a challenge in the order of its form."""
    return [
        Line(section, field, gettext(words))
        for section, form in SECTION_FORMS.items()
        for field, words in form.labels.items()
        if "[]" not in field
    ]


def stored(section: Section, challenge: Challenge) -> Form[SectionForm]:
    """Return a section's form as it is stored."""
    return Form(raw=SECTION_FORMS[section].raw(challenge))


def read_section(
    session: DbSession, section: Section, data: FormData, now: datetime
) -> Form[SectionForm]:
    """Check what was typed into a section: format, and days that contradict one another."""
    model = SECTION_FORMS[section]
    form: Form[SectionForm] = Form.read(model, data)
    if form.value is None:
        return form
    for field, words in section_problems(session, section, form.value, now).items():
        form = form.refused(DomainError(words, name=gettext(model.labels[field])), on=field)
    return form


def section_problems(
    session: DbSession, section: Section, typed: SectionForm, now: datetime
) -> Mapping[str, str]:
    """Return field → catalogue entry for days that contradict one another and unknown clusters."""
    given: dict[str, Any] = typed.model_dump()
    if section is Section.DATES:
        return policy.date_problems(
            Days(*(given[name] for name in DATE_FIELDS)), today=local_day(now)
        )
    if section is Section.CLUSTER:
        allowed = {"", WITHOUT_CLUSTER, *(str(c.id) for c in verified_clusters(session))}
        if given["cluster"] not in allowed:
            return {"cluster": N_("“%(name)s”: choose one of the options.")}
    return {}


def seen_version(data: FormData) -> int:
    """Return the version of the challenge that a form was made from; 0 when it does not say."""
    seen = str(data.get("version", ""))
    return int(seen) if seen.isascii() and seen.isdecimal() else 0


def conflict(
    session: DbSession, challenge: Challenge, section: Section, data: FormData
) -> Conflict | None:
    """Return what somebody else saved in this section after the form was opened, if anything."""
    version = seen_version(data)
    saved = next(
        (
            event
            for event in journal.history(session, challenge)
            if event.details.get("section") == section and event.details.get("version", 0) > version
        ),
        None,
    )
    return Conflict(saved, tuple(_differing(challenge, section, data))) if saved else None


def _differing(challenge: Challenge, section: Section, data: FormData) -> list[Line]:
    model = SECTION_FORMS[section]
    raw = {name: value for name, value in model.raw(challenge).items() if value}
    typed = {
        name: data.getlist(name) if name in model.lists else str(data[name]).strip()
        for name in data
        if data[name]
    }
    names = {name for name in raw.keys() | typed.keys() if raw.get(name) != typed.get(name)}
    fields = {name.split("[")[0].split(".")[0] for name in names}
    return [line for line in lines() if line.section is section and line.field in fields]


def section_options(session: DbSession, section: Section) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen in a section: field of the form → values and their words."""
    if section is Section.NEED:
        fields = application_fields().values()
        return {"field_ids": [(field.id, field.label) for field in fields]}
    if section is Section.REQUIREMENTS:
        return {"kind": [(kind.value, kind.label) for kind in RequirementKind]}
    if section is Section.CONDITIONS:
        kinds = [(kind.value, kind.label) for kind in map(OrganisationKind, ASKED_KINDS)]
        countries = sorted(((c, country_name(c)) for c in COUNTRIES), key=itemgetter(1))
        return {"answer_kinds": kinds, "answer_countries": countries}
    if section is Section.DATES:
        return {"mode": [(mode.value, mode.label) for mode in Mode]}
    if section is Section.CLUSTER:
        region = (WITHOUT_CLUSTER, gettext("No cluster: the regional developers look after it"))
        clusters = [(str(c.id), c.name) for c in verified_clusters(session)]
        return {"cluster": [*clusters, region]}
    return {}


def possible_owners(actor: Actor) -> list[Organisation]:
    """Return the organisations for which this person may start a challenge."""
    return [o for o in actor.acting_organisations if o.verified_at is not None]


def chosen_owner(owners: Sequence[Organisation], typed: str) -> Organisation | None:
    """Return the organisation that was typed, or the only one there is."""
    if len(owners) == 1:
        return owners[0]
    return next((owner for owner in owners if str(owner.id) == typed), None)


def starter_options() -> list[tuple[str, str]]:
    """Return the texts to start from, each with what it is for."""
    colon = pgettext("after a label", ":")
    return [(each.code, f"{gettext(each.name)}{colon} {gettext(each.use)}") for each in STARTERS]
