"""What curators do with each match of a list."""

from typing import TypeVar

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.challenges.models import Challenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import DomainError, NotFound
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import N_, gettext
from app.core.links import own_path
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.matches.access import CuratedChallenge, CuratedMatch
from app.matches.models import DropReason, Match
from app.organisations.access import SignedInActor
from app.shortlists import pages, queries
from app.shortlists.access import ReadableChallenge
from app.shortlists.actions import curating as actions
from app.shortlists.forms import (
    AddForm,
    ButtonForm,
    DropForm,
    Incomplete,
    NoteForm,
    ShiftForm,
    Words,
)

router = APIRouter(tags=["shortlists"])
Button = TypeVar("Button", bound=ButtonForm)


@router.get("/challenges/{challenge_id}/shortlist", name="shortlists:show")
def show(
    request: Request,
    challenge: ReadableChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    """Show the list: to curators with its making, to the owner side who was invited."""
    return _show(request, session, pages.shortlist(session, challenge, actor), now)


def _show(
    request: Request,
    session: DbSession,
    shown: pages.ShortlistPage,
    now: Now,
    *,
    status: int = 200,
) -> Response:
    per_week = request.app.state.settings.invitations_per_week
    coming = (
        pages.sending(session, shown.challenge, per_week=per_week, now=now, kept=shown.kept_cards)
        if shown.curation
        else None
    )
    return page(
        request, "shortlists/show.html", status_code=status, shown=shown, coming=coming, now=now
    )


@router.post("/challenges/{challenge_id}/matches/{match_id}/keep", name="shortlists:keep")
def keep(
    match: CuratedMatch, actor: SignedInActor, session: DbSession, data: SubmittedForm, now: Now
) -> Response:
    """Put a match on the list."""
    button = _checked(session, match, Form.read(ButtonForm, data))
    actions.keep(session, match, by=actor, at=now)
    return _back(match, button)


@router.post("/challenges/{challenge_id}/matches/{match_id}/undo", name="shortlists:undo")
def undo(
    match: CuratedMatch, actor: SignedInActor, session: DbSession, data: SubmittedForm, now: Now
) -> Response:
    """Take back what was decided about a match."""
    button = _checked(session, match, Form.read(ButtonForm, data))
    actions.undo(session, match, by=actor, at=now)
    return _back(match, button)


@router.post("/challenges/{challenge_id}/matches/{match_id}/move", name="shortlists:move")
def move(
    match: CuratedMatch, actor: SignedInActor, session: DbSession, data: SubmittedForm, now: Now
) -> Response:
    """Move a kept match up or down."""
    form = Form.read(ShiftForm, data)
    button = _checked(session, match, form)
    actions.shift(session, match, button.direction, steps=button.steps, by=actor, at=now)
    return _back(match, button)


@router.post("/challenges/{challenge_id}/matches/{match_id}/note", name="shortlists:note")
def write_note(
    request: Request,
    match: CuratedMatch,
    actor: SignedInActor,
    session: DbSession,
    data: SubmittedForm,
    now: Now,
) -> Response:
    """Say why a match is on the list; what was typed survives a colleague's change."""
    form = Form.read(NoteForm, data)
    try:
        with all_or_nothing(session):
            note = _checked(session, match, form).note
            actions.write_note(session, match, note, by=actor, at=now)
    except DomainError as refusal:
        typed = {match.id: form.get("note")}
        challenge = match.challenge
        shown = pages.shortlist(session, challenge, actor, problem=refusal, typed=typed)
        return _show(request, session, shown, now, status=refusal.status_code)
    flash(request, gettext("The note is saved."))
    return RedirectResponse(f"/challenges/{match.challenge_id}/shortlist#m{match.id}", 303)


@router.get("/challenges/{challenge_id}/matches/{match_id}/drop", name="shortlists:ask_why")
def ask_why(request: Request, match: CuratedMatch, back: str = "") -> Response:
    """Ask why a match is not a fit."""
    form = Form[DropForm](raw={"version": str(match.version), "back": back})
    return _drop_page(request, match, form)


@router.post("/challenges/{challenge_id}/matches/{match_id}/drop", name="shortlists:drop")
def drop(
    request: Request,
    match: CuratedMatch,
    actor: SignedInActor,
    session: DbSession,
    data: SubmittedForm,
    now: Now,
) -> Response:
    """Leave a match out; what was typed survives a colleague's change."""
    form = Form.read(DropForm, data)
    if form.value is None:
        return _drop_page(request, match, form, status=422)
    try:
        with all_or_nothing(session):
            actions.check_version(session, match, form.value.version)
    except actions.ChangedMeanwhile as refusal:
        return _drop_page(request, match, form.refused(refusal), status=409, refusal=refusal)
    chosen = form.value
    actions.drop(session, match, chosen.reason, note=chosen.note, by=actor, at=now)
    flash(request, gettext("%(name)s is left out.") % {"name": match.organisation.name})
    return _back(match, chosen)


def _drop_page(
    request: Request,
    match: Match,
    form: Form[DropForm],
    *,
    status: int = 200,
    refusal: actions.ChangedMeanwhile | None = None,
) -> Response:
    return page(
        request,
        "shortlists/drop.html",
        status_code=status,
        match=match,
        form=form,
        latest=refusal.latest if refusal else None,
        cancel=own_path(form.get("back"), f"/challenges/{match.challenge_id}/matches"),
        reasons=[(reason.value, reason.label) for reason in DropReason],
    )


@router.get("/challenges/{challenge_id}/shortlist/add", name="shortlists:search")
def search(
    request: Request, challenge: CuratedChallenge, session: DbSession, words: Words = ""
) -> Response:
    """Search for an organisation to add by hand."""
    shown = pages.add_page(session, challenge, words.strip())
    return page(request, "shortlists/add.html", shown=shown, form=Form())


@router.post("/challenges/{challenge_id}/shortlist/add", name="shortlists:add")
def add(
    request: Request,
    challenge: CuratedChallenge,
    actor: SignedInActor,
    session: DbSession,
    data: SubmittedForm,
    now: Now,
) -> Response:
    """Add an organisation by hand."""
    form = Form.read(AddForm, data)
    if form.value is None:
        return _add_page(request, session, challenge, form)
    organisation = queries.addable_organisation(session, challenge, form.value.organisation_id)
    if organisation is None:
        raise NotFound(N_("There is no such organisation to add."))
    try:
        with all_or_nothing(session):
            actions.add(session, challenge, organisation, note=form.value.note, by=actor, at=now)
    except actions.AlreadyListed as refusal:
        return _add_page(request, session, challenge, form.refused(refusal, on="organisation_id"))
    flash(request, gettext("%(name)s is on the shortlist.") % {"name": organisation.name})
    return RedirectResponse(f"/challenges/{challenge.id}/shortlist", 303)


def _add_page(
    request: Request, session: DbSession, challenge: Challenge, form: Form[AddForm]
) -> Response:
    shown = pages.add_page(session, challenge, form.get("q"))
    return page(request, "shortlists/add.html", status_code=422, shown=shown, form=form)


def _checked(session: DbSession, match: Match, form: Form[Button]) -> Button:
    """Return what was sent if it was meant for the match as it is now."""
    if form.value is None:
        raise Incomplete
    actions.check_version(session, match, form.value.version)
    return form.value


def _back(match: Match, button: ButtonForm) -> Response:
    return RedirectResponse(
        own_path(button.back, f"/challenges/{match.challenge_id}/shortlist#m{match.id}"), 303
    )
