"""The owner's side: start a draft, fill it in, check it, hand it in."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from app.challenges import actions, policy
from app.challenges.access import EditableChallenge, OwnedChallenge
from app.challenges.coach import hints
from app.challenges.forms.rows import MAX_CRITERIA, MAX_REQUIREMENTS, redrawn, row_count
from app.challenges.forms.sections import CopyForm, NewChallengeForm
from app.challenges.models import EDITABLE_STATES, Challenge, ChallengeState, Section
from app.challenges.pages.drafting import (
    Conflict,
    DraftingContributor,
    chosen_owner,
    conflict,
    lines,
    local_day,
    possible_owners,
    read_section,
    section_options,
    seen_version,
    starter_options,
    stored,
    task_list,
)
from app.challenges.starters import starter_of
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import DomainError
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import N_, current_locale, gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor

router = APIRouter()


@router.get("/challenges/new", name="challenges:new")
def show_new(request: Request, actor: SignedInActor) -> Response:
    form: Form[NewChallengeForm] = Form(raw={"lang": current_locale(), "starter": ""})
    return _new_page(request, actor, form, 200 if possible_owners(actor) else 403)


@router.post("/challenges/new", name="challenges:create")
def create(
    request: Request, data: SubmittedForm, actor: SignedInActor, session: DbSession, now: Now
) -> Response:
    owners = possible_owners(actor)
    if not owners:
        return _new_page(request, actor, Form(), 403)
    form = Form.read(NewChallengeForm, data)
    owner = chosen_owner(owners, form.get("owner"))
    if owner is None:
        unknown = DomainError(N_("“Owner”: choose one of your organisations."))
        form = form.refused(unknown, on="owner")
    if owner is None or form.value is None:
        return _new_page(request, actor, form, 422)
    start = {"title": form.value.title, "lang": form.value.lang}
    challenge = actions.create(session, owner, **start, by=actor, at=now)
    if text := starter_of(form.value.starter):
        actions.begin_with(session, challenge, text)
    return RedirectResponse(f"/challenges/{challenge.id}/edit", 303)


def _new_page(
    request: Request, actor: Actor, form: Form[NewChallengeForm], status_code: int
) -> Response:
    owners = [(str(owner.id), owner.name) for owner in possible_owners(actor)]
    context: dict[str, Any] = {
        "form": form,
        "owners": owners,
        "actor": actor,
        "starters": [("", gettext("An empty draft")), *starter_options()],
    }
    return page(request, "challenges/new.html", status_code=status_code, **context)


@router.get("/challenges/{challenge_id}/copy", name="challenges:new_copy")
def show_copy(request: Request, challenge: OwnedChallenge) -> Response:
    return _copy_page(request, challenge, Form(raw={"title": challenge.title}))


@router.post("/challenges/{challenge_id}/copy", name="challenges:copy")
def copy(
    request: Request,
    challenge: OwnedChallenge,
    data: SubmittedForm,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    form = Form.read(CopyForm, data)
    if form.value is None:
        return _copy_page(request, challenge, form)
    draft = actions.copy(session, challenge, title=form.value.title, by=actor, at=now)
    flash(request, gettext("The copy is a draft of its own. Its days are still open."))
    return RedirectResponse(f"/challenges/{draft.id}/edit", 303)


def _copy_page(request: Request, challenge: Challenge, form: Form[CopyForm]) -> Response:
    status_code = 422 if form.errors else 200
    context: dict[str, Any] = {"challenge": challenge, "form": form}
    return page(request, "challenges/copy.html", status_code=status_code, **context)


@router.get("/challenges/{challenge_id}/edit", name="challenges:edit")
def show_tasks(
    request: Request, challenge: EditableChallenge, session: DbSession, now: Now
) -> Response:
    shown = task_list(session, challenge, now)
    return page(
        request,
        "challenges/edit.html",
        challenge=challenge,
        shown=shown,
    )


@router.get("/challenges/{challenge_id}/edit/{section}", name="challenges:edit_section")
def show_section(
    request: Request, challenge: EditableChallenge, section: Section, session: DbSession
) -> Response:
    return _section_page(request, session, challenge, section, stored(section, challenge))


@router.post("/challenges/{challenge_id}/edit/{section}", name="challenges:revise")
def revise(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    request: Request,
    challenge: EditableChallenge,
    section: Section,
    data: SubmittedForm,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    do = str(data.get("do", "save"))
    if section is Section.REQUIREMENTS and do != "save":
        return _section_page(request, session, challenge, section, redrawn(data, do))
    form = read_section(session, section, data, now)
    if do == "count":
        session.expunge(challenge)  # what is typed is looked at, not stored
        for name, value in (form.value.changes() if form.value else {}).items():
            setattr(challenge, name, value)
        return _section_page(request, session, challenge, section, form)
    met = conflict(session, challenge, section, data)
    if form.value is None or met:
        return _section_page(request, session, challenge, section, form, met)
    actions.revise(session, challenge, section, form.value.changes(), by=actor, at=now)
    flash(request, gettext("“%(section)s” is saved.") % {"section": section.label})
    return RedirectResponse(f"/challenges/{challenge.id}/edit", 303)


def _section_page(
    request: Request,
    session: DbSession,
    challenge: Challenge,
    section: Section,
    form: Form[Any],
    met: Conflict | None = None,
) -> Response:
    contributors: Iterable[DraftingContributor] = request.app.state.drafting_contributors
    return page(
        request,
        "challenges/section.html",
        status_code=409 if met else 422 if form.errors else 200,
        challenge=challenge,
        section=section,
        form=form,
        conflict=met,
        parts=[part for ask in contributors for part in ask(session, challenge, section)],
        hints=[hint for hint in hints(challenge) if hint.section is section],
        options=section_options(session, section),
        row_count=row_count(form),
        max_rows=MAX_CRITERIA if section is Section.CRITERIA else MAX_REQUIREMENTS,
    )


@router.get("/challenges/{challenge_id}/check", name="challenges:check")
def show_check(request: Request, challenge: EditableChallenge, now: Now) -> Response:
    return _check_page(request, challenge, policy.gaps(challenge, local_day(now)))


@router.post("/challenges/{challenge_id}/submit", name="challenges:submit")
def submit(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    request: Request,
    challenge: OwnedChallenge,
    data: SubmittedForm,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    now: Now,
) -> Response:
    actions.refuse_if_stale(challenge, seen_version(data), while_in=EDITABLE_STATES)
    try:
        with all_or_nothing(session):
            actions.submit(session, challenge, by=actor, outbox=outbox, at=now)
    except actions.Incomplete as refusal:
        return _check_page(request, challenge, refusal.gaps, status_code=422)
    return RedirectResponse(f"/challenges/{challenge.id}/submitted", 303)


def _check_page(
    request: Request, challenge: Challenge, gaps: Any, *, status_code: int = 200
) -> Response:
    return page(
        request,
        "challenges/check.html",
        status_code=status_code,
        challenge=challenge,
        gaps=gaps,
        hints=hints(challenge),
        is_refused=status_code == 422,
        lines=lines(),
    )


@router.get("/challenges/{challenge_id}/submitted", name="challenges:submitted")
def show_submitted(request: Request, challenge: OwnedChallenge) -> Response:
    if challenge.state is not ChallengeState.IN_REVIEW or challenge.submitted_at is None:
        return RedirectResponse(f"/challenges/{challenge.id}", 303)
    due = policy.review_due(local_day(challenge.submitted_at))
    return page(request, "challenges/submitted.html", challenge=challenge, due=due)
