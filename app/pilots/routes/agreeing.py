"""The sheet: begun, changed, signed."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import Stale
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.organisations.access import SignedInActor
from app.pilots import pages, queries
from app.pilots.access import AnySeat, ResponseToPilot
from app.pilots.actions import agreeing
from app.pilots.forms import (
    REPORT_RHYTHMS,
    SheetForm,
    SignatureForm,
    labelled,
    row_count,
    sheet_form,
)
from app.pilots.models import Payment, Pilot

router = APIRouter()


@router.get("/responses/{response_id}/pilot", name="pilots:new")
def new(request: Request, response: ResponseToPilot, session: DbSession) -> Response:
    if pilot := queries.live_pilot_of(session, response.id):
        return RedirectResponse(f"/pilots/{pilot.id}", 303)
    return page(request, "pilots/new.html", response=response, challenge=response.challenge)


@router.post("/responses/{response_id}/pilot", name="pilots:begin")
def begin(
    response: ResponseToPilot, actor: SignedInActor, session: DbSession, now: Now
) -> Response:
    pilot = agreeing.begin_sheet(session, response, by=actor, at=now)
    return RedirectResponse(f"/pilots/{pilot.id}/sheet", 303)


@router.get("/pilots/{pilot_id}/sheet", name="pilots:sheet")
def sheet(request: Request, seat: AnySeat, session: DbSession) -> Response:
    if seat.pilot.begun_at is not None or seat.pilot.ended_at is not None:
        raise agreeing.SheetFixed
    return _sheet_page(request, session, seat.pilot, sheet_form(seat.pilot))


@router.post("/pilots/{pilot_id}/sheet", name="pilots:change_sheet")
def change_sheet(
    request: Request,
    seat: AnySeat,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(SheetForm, submitted).carried_out(
        session,
        lambda typed: agreeing.change_sheet(
            session, seat, typed.sheet(), seen_version=typed.sheet_version, outbox=outbox
        ),
        catching=(Stale, agreeing.NoSuchSite),
    )
    if form.value is None:
        return _sheet_page(request, session, seat.pilot, form)
    flash(request, gettext("The sheet is saved."))
    return RedirectResponse(f"/pilots/{seat.pilot.id}", 303)


@router.post("/pilots/{pilot_id}/signature", name="pilots:sign")
def sign(
    request: Request,
    seat: AnySeat,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(SignatureForm, submitted)
    seen = form.value.sheet_version if form.value else 0
    agreeing.sign(session, seat, seen_version=seen, outbox=outbox)
    flash(request, gettext("You have signed the sheet."))
    return RedirectResponse(f"/pilots/{seat.pilot.id}", 303)


def _sheet_page(
    request: Request, session: DbSession, pilot: Pilot, form: Form[SheetForm]
) -> Response:
    return page(
        request,
        "pilots/sheet.html",
        pilot=pilot,
        form=form,
        rows=row_count(pilot, form),
        sites=pages.sites_to_choose(session, pilot),
        payments=labelled(list(Payment)),
        rhythms=[(months, gettext(words)) for months, words in REPORT_RHYTHMS.items()],
        status_code=form.status_code,
    )
