"""What the pages about answers show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.challenges.models import Challenge
from app.core.database import DbSession
from app.core.forms import Form
from app.core.i18n import gettext
from app.matches.models import Evidence
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.responses import policy, queries
from app.responses.forms import ResponseForm, stored_fields
from app.responses.models import Response

LABELLED = frozenset(ResponseForm.labels)


@dataclass(frozen=True)
class StartPage:
    """Whether and for whom this person may answer."""

    takes_answers: bool
    existing: Sequence[tuple[Organisation, Response]]
    free: Sequence[Organisation]
    """Organisations for which they may start an answer."""
    barred: Sequence[Organisation]
    """Organisations of theirs that own or curate the challenge."""


def start_page(
    session: DbSession, challenge: Challenge, actor: Actor, *, now: datetime
) -> StartPage:
    """Return what the start page shows this person."""
    acting = actor.acting_organisations
    found = queries.responses_of(session, challenge.id, [o.id for o in actor.organisations])
    answered = {response.organisation_id: response for response in found}
    return StartPage(
        takes_answers=challenge.takes_answers(now),
        existing=[(o, answered[o.id]) for o in actor.organisations if o.id in answered],
        free=[o for o in acting if o.id not in answered and policy.may_answer(o, challenge)],
        barred=[o for o in acting if not policy.may_answer(o, challenge)],
    )


@dataclass(frozen=True)
class EditPage:
    """The form, and what may help to fill it."""

    languages: Sequence[str]
    hints: dict[int, Evidence]
    """Evidence quoted by the match, by the requirement's position."""
    takes_answers: bool
    meanwhile: Sequence[tuple[str, str]]
    """Label and stored text of each field that somebody else changed meanwhile."""


def edit_page(
    session: DbSession, response: Response, form: Form[ResponseForm], *, now: datetime
) -> EditPage:
    """Return what stands around the form."""
    evidence = queries.evidence_behind(session, response)
    return EditPage(
        languages=policy.answer_languages(response.challenge),
        hints={quoted.position: quoted for quoted in evidence},
        takes_answers=response.challenge.takes_answers(now),
        meanwhile=changed_meanwhile(response, form),
    )


def changed_meanwhile(response: Response, form: Form[ResponseForm]) -> list[tuple[str, str]]:
    """Return what is stored where it differs from what was typed over an older version."""
    stored = stored_fields(response)
    if form.get("version") == stored["version"]:
        return []
    names = [(name, gettext(ResponseForm.labels[name])) for name in stored if name in LABELLED]
    names += [
        (f"answers[{index}].text", requirement.code)
        for index, requirement in enumerate(response.challenge.requirements)
    ]
    return [(label, stored[name]) for name, label in names if stored[name] != form.get(name)]
