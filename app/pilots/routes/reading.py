"""The public list and the page of one pilot."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.pagination import PageNumber
from app.core.rendering import page
from app.organisations.access import AnyActor
from app.pilots import pages
from app.pilots.access import AnySeat, ViewablePilot
from app.pilots.actions.running import hide
from app.pilots.forms import PublicityForm

router = APIRouter()


@router.get("/pilots", name="pilots:list")
def show_list(
    request: Request, _actor: AnyActor, session: DbSession, number: PageNumber = 1
) -> Response:
    shown = pages.pilots_page(session, request.query_params, number)
    return page(request, "pilots/list.html", shown=shown)


@router.get("/pilots/{pilot_id}", name="pilots:show")
def show(request: Request, pilot: ViewablePilot, actor: AnyActor, session: DbSession) -> Response:
    shown = pages.pilot_page(session, pilot, actor)
    return page(request, "pilots/show.html", pilot=pilot, shown=shown, actor=actor)


@router.post("/pilots/{pilot_id}/publicity", name="pilots:hide")
def change_publicity(
    request: Request,
    seat: AnySeat,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(PublicityForm, submitted)
    if form.value is not None:
        hidden = form.value.hidden
        hide(session, seat, hidden, outbox=outbox)
        flash(request, gettext("What is public is as you chose."))
    return RedirectResponse(f"/pilots/{seat.pilot.id}", 303)
