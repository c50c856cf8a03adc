"""Decided on, given back, stopped, taken over by others."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page, page_of_forms
from app.organisations.access import SignedInActor
from app.pilots.access import AnySeat, OwnersPilot, PossibleHomes, ReplicablePilot
from app.pilots.actions import ending, replicating, running
from app.pilots.forms import ConclusionForm, ReasonForm, ReplicationForm, StopForm, labelled
from app.pilots.models import Aspect, Grade, Pilot, Verdict

router = APIRouter()


@router.get("/pilots/{pilot_id}/decision", name="pilots:decision")
def decision(request: Request, pilot: OwnersPilot) -> Response:
    return _decision_page(request, pilot)


@router.post("/pilots/{pilot_id}/decision", name="pilots:complete")
def complete(
    request: Request,
    pilot: OwnersPilot,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(ConclusionForm, submitted).carried_out(
        session,
        lambda typed: ending.complete(session, pilot, typed.conclusion(), by=actor, outbox=outbox),
    )
    if form.value is None:
        return _decision_page(request, pilot, form=form)
    flash(request, gettext("The pilot is completed, and its lessons are public."))
    return RedirectResponse(f"/pilots/{pilot.id}", 303)


@router.post("/pilots/{pilot_id}/return", name="pilots:send_back")
def send_back(
    request: Request,
    pilot: OwnersPilot,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(ReasonForm, submitted).carried_out(
        session,
        lambda typed: running.send_back(session, pilot, typed.reason, by=actor, outbox=outbox),
    )
    if form.value is None:
        return _decision_page(request, pilot, return_form=form)
    flash(request, gettext("The results are given back."))
    return RedirectResponse(f"/pilots/{pilot.id}", 303)


def _decision_page(request: Request, pilot: Pilot, **refused: Form[Any]) -> Response:
    return page_of_forms(
        request,
        "pilots/decision.html",
        {"form": Form(), "return_form": Form()},
        refused,
        pilot=pilot,
        aspects=list(Aspect),
        grades=labelled(list(Grade)),
        verdicts=labelled(list(Verdict)),
    )


@router.get("/pilots/{pilot_id}/stop", name="pilots:confirm_stop")
def confirm_stop(request: Request, seat: AnySeat) -> Response:
    form: Form[StopForm] = Form(raw={"lessons": seat.pilot.lessons})
    return page(request, "pilots/stop.html", pilot=seat.pilot, form=form)


@router.post("/pilots/{pilot_id}/stop", name="pilots:stop")
def stop(
    request: Request,
    seat: AnySeat,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(StopForm, submitted).carried_out(
        session,
        lambda typed: ending.stop(
            session, seat, reason=typed.reason, lessons=typed.lessons, outbox=outbox
        ),
    )
    pilot = seat.pilot
    if form.value is None:
        status_code = form.status_code
        return page(request, "pilots/stop.html", pilot=pilot, form=form, status_code=status_code)
    flash(request, gettext("The pilot is stopped."))
    return RedirectResponse(f"/pilots/{pilot.id}", 303)


@router.get("/pilots/{pilot_id}/replicate", name="pilots:prepare_replication")
def prepare_replication(
    request: Request, pilot: ReplicablePilot, possible: PossibleHomes
) -> Response:
    raw = {"title": pilot.challenge.title, "organisation_id": str(possible[0].id)}
    form: Form[ReplicationForm] = Form(raw={**raw, "place": possible[0].city})
    return page(request, "pilots/replicate.html", pilot=pilot, form=form, possible=possible)


@router.post("/pilots/{pilot_id}/replicate", name="pilots:replicate")
def replicate(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    request: Request,
    pilot: ReplicablePilot,
    possible: PossibleHomes,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(ReplicationForm, submitted)
    owners = {organisation.id: organisation for organisation in possible}
    owner = owners.get(form.value.organisation_id) if form.value else None
    if form.value is None or owner is None:
        return page(
            request, "pilots/replicate.html", pilot=pilot, form=form, possible=possible,
            status_code=422,
        )  # fmt: skip
    home = replicating.NewHome(owner, form.value.title, form.value.place)
    draft = replicating.replicate(session, pilot, home, by=actor, outbox=outbox)
    flash(request, gettext("Your draft is begun with what the pilot has shown."))
    return RedirectResponse(f"/challenges/{draft.id}/edit", 303)
