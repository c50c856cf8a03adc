"""HTTP in, HTTP out."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.challenges.access import EditableChallenge, ViewableChallenge
from app.challenges.actions import refuse_if_stale
from app.challenges.models import EDITABLE_STATES, Challenge
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.rendering import page
from app.disclosures import actions, pages, queries
from app.disclosures.forms import MOST_PARTS, ProtectedForm, stored_fields
from app.disclosures.models import Layer
from app.disclosures.policy import FACTS
from app.organisations.access import SignedInActor

router = APIRouter(tags=["disclosures"])


@router.get("/challenges/{challenge_id}/protected", name="disclosures:show")
@writes
def show(
    request: Request,
    challenge: ViewableChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    shown = pages.protected(session, challenge, actor)
    actions.disclose(session, challenge, shown.layers, by=actor, at=now)
    return page(request, "disclosures/show.html", challenge=challenge, shown=shown)


@router.post("/challenges/{challenge_id}/protected/accept", name="disclosures:accept")
def accept(
    request: Request,
    challenge: ViewableChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    actions.accept(session, challenge, by=actor, at=now)
    flash(request, gettext("You have accepted the agreement. It is noted, with the time."))
    return RedirectResponse(f"/challenges/{challenge.id}/protected", 303)


@router.get("/challenges/{challenge_id}/protected/edit", name="disclosures:edit")
def edit(request: Request, challenge: EditableChallenge, session: DbSession) -> Response:
    parts = queries.parts_of(session, challenge.id)
    agreement = queries.agreement_of(session, challenge.id)
    return _edit_page(request, challenge, Form(raw=stored_fields(challenge, parts, agreement)))


@router.post("/challenges/{challenge_id}/protected/edit", name="disclosures:protect")
def protect(
    request: Request,
    challenge: EditableChallenge,
    data: SubmittedForm,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    def protect_as(typed: ProtectedForm) -> None:
        refuse_if_stale(challenge, typed.version, while_in=EDITABLE_STATES)
        actions.protect(session, challenge, typed.protection(), by=actor, at=now)

    form = Form.read(ProtectedForm, data).carried_out(session, protect_as)
    if form.value is None:
        return _edit_page(request, challenge, form)
    flash(request, gettext("The protected parts are saved."))
    return RedirectResponse(f"/challenges/{challenge.id}/edit", 303)


def _edit_page(request: Request, challenge: Challenge, form: Form[ProtectedForm]) -> Response:
    context: dict[str, Any] = {
        "challenge": challenge,
        "form": form,
        "most_parts": MOST_PARTS,
        "layers": [(layer.value, layer.label) for layer in Layer],
        "facts": [(f"{fact}_layer", ProtectedForm.labels[f"{fact}_layer"]) for fact in FACTS],
    }
    return page(request, "disclosures/edit.html", status_code=form.status_code, **context)
