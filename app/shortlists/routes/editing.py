"""The whole list as one form; two people may edit it at once."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.challenges.models import Challenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.matches.access import CuratedChallenge
from app.matches.policy import check_curation
from app.organisations.access import SignedInActor
from app.shortlists import pages
from app.shortlists.actions import editing
from app.shortlists.forms import ListForm

router = APIRouter()


@router.get("/challenges/{challenge_id}/shortlist/edit", name="shortlists:edit")
def show_form(request: Request, challenge: CuratedChallenge, session: DbSession) -> Response:
    """Show order and notes of all who are kept, to be changed together."""
    check_curation(challenge)
    return _edit_page(request, session, challenge, Form(), 200)


@router.post("/challenges/{challenge_id}/shortlist/edit", name="shortlists:save")
def save(
    request: Request,
    challenge: CuratedChallenge,
    actor: SignedInActor,
    session: DbSession,
    data: SubmittedForm,
    now: Now,
) -> Response:
    """Store a whole list; where somebody was faster, show both versions and keep what was typed."""
    form = Form.read(ListForm, data)
    if form.value is None:
        return _edit_page(request, session, challenge, form, 422)
    rows = [entry.row() for entry in form.value.entries]
    try:
        with all_or_nothing(session):
            editing.edit(session, challenge, rows, by=actor, at=now)
    except editing.EditedMeanwhile as refusal:
        shown = pages.merged(session, challenge, rows, refusal)
        return page(
            request, "shortlists/edit.html", status_code=409, shown=shown, form=form,
            refusal=refusal,
        )  # fmt: skip
    flash(request, gettext("The list is saved."))
    return RedirectResponse(f"/challenges/{challenge.id}/shortlist", 303)


def _edit_page(
    request: Request, session: DbSession, challenge: Challenge, form: Form[ListForm], status: int
) -> Response:
    shown = pages.edit_page(session, challenge, form)
    return page(
        request, "shortlists/edit.html", status_code=status, shown=shown, form=form, refusal=None
    )
