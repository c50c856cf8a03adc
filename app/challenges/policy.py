"""Who may do what with a challenge, and what it lacks before it can be reviewed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.challenges.models import (
    EDITABLE_STATES,
    TOTAL_WEIGHT,
    WITHOUT_DEADLINE,
    Challenge,
    ChallengeState,
    Mode,
    RequirementKind,
    Section,
)
from app.challenges.starters import BLANK
from app.core.i18n import N_, gettext, speaking
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover
from app.organisations.models import OrganisationKind
from app.organisations.policy import Actor


def is_owner_side(actor: Actor, challenge: Challenge) -> bool:
    """Whether they belong to the owner organisation, in whatever role."""
    return actor.belongs_to(challenge.owner_id)


def acts_for_owner(actor: Actor, challenge: Challenge) -> bool:
    """Whether they may act in the owner organisation's name."""
    return actor.acts_for(challenge.owner_id)


def is_curator(actor: Actor, challenge: Challenge) -> bool:
    """Whether they look after the challenge, for its cluster or for the region."""
    return actor.is_regional_developer or actor.acts_for(challenge.curating_cluster_id)


def can_view(actor: Actor, challenge: Challenge) -> bool:
    """Whether they may read it: everybody once public, else only those concerned."""
    return challenge.is_public or is_owner_side(actor, challenge) or is_curator(actor, challenge)


def can_edit(actor: Actor, challenge: Challenge) -> bool:
    """Whether they may change its text now."""
    return acts_for_owner(actor, challenge) and challenge.state in EDITABLE_STATES


def moderator_of(actor: Actor, challenge: Challenge) -> Mover | None:
    """Return the role in which they decide on publishing, if any.

    A cluster's people do not decide on a challenge of an organisation they belong to.
    """
    if actor.is_regional_developer:
        return Mover.REGION
    if is_owner_side(actor, challenge) or not actor.acts_for(challenge.curating_cluster_id):
        return None
    return Mover.CURATOR


def can_moderate(actor: Actor, challenge: Challenge) -> bool:
    """Whether they decide on publishing it."""
    return moderator_of(actor, challenge) is not None


def mover_for(actor: Actor, challenge: Challenge) -> Mover | None:
    """Return the role in which they move the challenge: the owner's first, else a moderator's."""
    return Mover.OWNER if acts_for_owner(actor, challenge) else moderator_of(actor, challenge)


REVIEW_WORKING_DAYS = 3


def review_due(submitted: date) -> date:
    """Return the day by which a review is promised: working days are Monday to Friday."""
    day, left = submitted, REVIEW_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.isoweekday() <= 5
    return day


@dataclass(frozen=True)
class Gap:
    """Something to fill in or put right before review.

    ``field`` is its name in the section's form, ``words`` a catalogue entry.
    """

    section: Section
    field: str
    words: str


class Progress(LabelledEnum):
    """How far a section is."""

    NOT_STARTED = "not_started", N_("Not started")
    IN_PROGRESS = "in_progress", N_("In progress")
    COMPLETE = "complete", N_("Complete")


USUAL_CRITERIA = (
    (N_("How well it meets the need"), 40),
    (N_("Feasibility and maturity"), 25),
    (N_("Price and running costs"), 20),
    (N_("Team and references"), 15),
)


def usual_criteria(lang: str) -> list[tuple[str, int]]:
    """Return the names and weights of a set that suits most challenges, in one language."""
    with speaking(lang):
        return [(gettext(name), weight) for name, weight in USUAL_CRITERIA]


def has_criteria(challenge: Challenge) -> bool:
    """Whether answers can be judged: every criterion has a name, and the weights add to 100."""
    is_named = all(criterion.name for criterion in challenge.criteria)
    return is_named and sum(c.weight for c in challenge.criteria) == TOTAL_WEIGHT


def is_in_rounds(challenge: Challenge) -> bool:
    """Whether answers are evaluated and decided in rounds now, while more may come in."""
    return challenge.mode is Mode.ROLLING and challenge.state is ChallengeState.OPEN


def spends_public_money(challenge: Challenge) -> bool:
    """Whether a public body puts money of its own behind the challenge."""
    return challenge.owner.kind is OrganisationKind.PUBLIC_BODY and bool(challenge.budget_eur)


def blanks(*texts: str) -> bool:
    """Whether a text to start from was left with a blank in it."""
    return any(BLANK in text for text in texts)


def has_its_end(challenge: Challenge) -> bool:
    """Whether it has a last day for answers, or a mode that needs none."""
    return challenge.closes_at is not None or challenge.mode in WITHOUT_DEADLINE


S = Section
_OPEN = N_("Fill in what is left open as […].")
_NEEDED: tuple[tuple[Gap, Callable[[Challenge], object]], ...] = (
    (Gap(S.NEED, "title", N_("Give the challenge a title.")), lambda c: c.title),
    (Gap(S.NEED, "summary", N_("Sum the need up in two sentences.")), lambda c: c.summary),
    (Gap(S.NEED, "need", N_("Describe the need.")), lambda c: c.need),
    (
        Gap(S.NEED, "success_measure", N_("Say how you will measure success.")),
        lambda c: c.success_measure,
    ),
    (
        Gap(S.NEED, "need", _OPEN),
        lambda c: not blanks(c.need, c.success_measure),
    ),
    (Gap(S.NEED, "field_ids", N_("Choose at least one application field.")), lambda c: c.field_ids),
    (
        Gap(S.REQUIREMENTS, "rows[0].text", N_("Write at least one requirement that is a must.")),
        lambda c: any(r.kind is RequirementKind.MUST for r in c.requirements),
    ),
    (
        Gap(S.REQUIREMENTS, "rows[0].text", _OPEN),
        lambda c: not blanks(*(r.text for r in c.requirements)),
    ),
    (
        Gap(S.CRITERIA, "criteria[0].name", N_("Name criteria whose weights add to 100.")),
        lambda c: c.mode is Mode.CONSULTATION or has_criteria(c),
    ),
    (Gap(S.CONDITIONS, "place", N_("Say where the solution is needed.")), lambda c: c.place),
    (
        Gap(S.CONDITIONS, "budget_eur", N_("Name a budget, or say why you name none.")),
        lambda c: c.budget_eur is not None or c.budget_reason,
    ),
    (
        Gap(S.CONDITIONS, "answer_languages", N_("Choose the languages of answers.")),
        lambda c: c.answer_languages,
    ),
    (Gap(S.DATES, "opens_on", N_("Say when it opens for answers.")), lambda c: c.opens_on),
    (Gap(S.DATES, "last_day", N_("Name the last day for answers.")), has_its_end),
    (
        Gap(S.DATES, "decision_on", N_("Promise a day by which you decide.")),
        lambda c: c.decision_on or c.mode in WITHOUT_DEADLINE,
    ),
    (
        Gap(S.DATES, "what_happens_next", N_("Say what happens after the last day.")),
        lambda c: c.what_happens_next,
    ),
    (
        Gap(S.DATES, "what_happens_next", N_("Fill in what is left open as […].")),
        lambda c: not blanks(c.what_happens_next),
    ),
    (
        Gap(S.CLUSTER, "cluster", N_("Choose who looks after the challenge.")),
        lambda c: c.curating_cluster_id or c.without_cluster,
    ),
)


def gaps(challenge: Challenge, today: date) -> list[Gap]:
    """Return what keeps the challenge from being submitted, in the order of the form."""
    missing = [gap for gap, is_given in _NEEDED if not is_given(challenge)]
    days = Days(
        challenge.opens_on,
        challenge.last_day_for_questions,
        challenge.last_day,
        challenge.decision_on,
    )
    problems = date_problems(days, today=today)
    wrong = [Gap(Section.DATES, field, words) for field, words in problems.items()]
    order = list(Section)
    return sorted(missing + wrong, key=lambda gap: order.index(gap.section))


@dataclass(frozen=True)
class Days:
    """The days of a challenge, as far as they are given."""

    opens_on: date | None
    questions_last_day: date | None
    last_day: date | None
    decision_on: date | None


def date_problems(days: Days, *, today: date) -> dict[str, str]:
    """Return field → words for each day that contradicts another; days not given are no problem."""
    problems = {}
    opens_on, last_day, decision_on = days.opens_on, days.last_day, days.decision_on
    asked = days.questions_last_day
    if asked and (asked < (opens_on or today) or (last_day and asked > last_day)):
        problems["questions_last_day"] = N_(
            "“Last day for questions”: choose a day between the opening and the last day."
        )
    if opens_on and opens_on < today:
        problems["opens_on"] = N_("“Opens on”: choose today or a later day.")
    if last_day and last_day < (opens_on or today):
        problems["last_day"] = N_("“Last day for answers”: choose a day after the opening.")
    if decision_on and last_day and decision_on <= last_day:
        problems["decision_on"] = N_("“Decision by”: choose a day after the last day for answers.")
    return problems


def progress(challenge: Challenge, today: date) -> Mapping[Section, Progress]:
    """Return how far each section is."""
    lacking = {gap.section for gap in gaps(challenge, today)}
    return {
        section: Progress.COMPLETE
        if section not in lacking
        else Progress.IN_PROGRESS
        if _is_begun(challenge, section)
        else Progress.NOT_STARTED
        for section in Section
    }


def _is_begun(challenge: Challenge, section: Section) -> bool:
    # A draft is born with a title and a section may hold what is never owed, such as conditions.
    given = [
        is_given(challenge)
        for gap, is_given in _NEEDED
        if gap.section is section and gap.words != _OPEN  # an empty text leaves nothing open
    ]
    begun: Mapping[Section, object] = {
        Section.NEED: any(given[1:]),
        Section.REQUIREMENTS: challenge.requirements,
        Section.CRITERIA: challenge.criteria,
        Section.CONDITIONS: any(given) or challenge.conditions,
    }
    return bool(begun.get(section, any(given)))
