"""Results as they come, interim reports, the report at the end."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.state_machine import ActRefused
from app.organisations.access import SignedInActor
from app.pilots.access import AnySeat, OwnReport, RespondersPilot, WrittenReport
from app.pilots.actions import running
from app.pilots.forms import ReportForm, ResultsForm, results_form
from app.pilots.models import Pilot, PilotState, Side
from app.pilots.policy import Seat

router = APIRouter()


@router.get("/pilots/{pilot_id}/results", name="pilots:results")
def results(request: Request, seat: AnySeat) -> Response:
    return _results_page(request, seat, results_form(seat.pilot))


@router.post("/pilots/{pilot_id}/results", name="pilots:measure")
def measure(
    request: Request,
    seat: AnySeat,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(ResultsForm, submitted).carried_out(
        session,
        lambda typed: running.measure(session, seat, typed.results(), outbox=outbox),
        catching=ActRefused,
    )
    if form.value is None:
        return _results_page(request, seat, form)
    flash(request, gettext("The results are saved."))
    ready = seat.side is Side.RESPONDER and form.value.then == "report"
    path = f"/pilots/{seat.pilot.id}"
    return RedirectResponse(f"{path}/report" if ready else path, 303)


@router.get("/pilots/{pilot_id}/report", name="pilots:check_report")
def check_report(request: Request, pilot: RespondersPilot) -> Response:
    if pilot.state is PilotState.RUNNING:
        running.require_results(pilot)
    return page(request, "pilots/report.html", pilot=pilot)


@router.post("/pilots/{pilot_id}/report", name="pilots:report")
def report(
    request: Request,
    pilot: RespondersPilot,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> Response:
    running.report(session, pilot, by=actor, outbox=outbox)
    flash(request, gettext("The results are with the owner, who decides on them."))
    return RedirectResponse(f"/pilots/{pilot.id}", 303)


@router.get("/pilots/{pilot_id}/reports/{report_id}", name="pilots:interim_report")
def interim_report(request: Request, own: WrittenReport) -> Response:
    return _interim_page(request, own, Form(raw={"text": own.report.text}))


@router.post("/pilots/{pilot_id}/reports/{report_id}", name="pilots:hand_in_report")
def hand_in_report(
    request: Request,
    own: WrittenReport,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    pilot = own.pilot
    form = Form.read(ReportForm, submitted).carried_out(
        session,
        lambda typed: running.hand_in_report(
            session, pilot, own.report, typed.text, by=actor, outbox=outbox
        ),
        catching=ActRefused,
    )
    if form.value is None:
        return _interim_page(request, own, form)
    flash(request, gettext("The interim report is handed in."))
    return RedirectResponse(f"/pilots/{pilot.id}", 303)


def _interim_page(request: Request, own: OwnReport, form: Form[ReportForm]) -> Response:
    return page(
        request,
        "pilots/interim.html",
        pilot=own.pilot,
        report=own.report,
        form=form,
        status_code=form.status_code,
    )


def _results_page(request: Request, seat: Seat, form: Form[ResultsForm]) -> Response:
    pilot: Pilot = seat.pilot
    return page(
        request,
        "pilots/results.html",
        pilot=pilot,
        form=form,
        may_report=seat.side is Side.RESPONDER and pilot.state is PilotState.RUNNING,
        status_code=form.status_code,
    )
