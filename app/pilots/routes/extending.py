"""A longer term: proposed by one side, signed or declined by the other."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.pilots.access import AnySeat
from app.pilots.actions import extending
from app.pilots.forms import ExtensionForm, ReplyToExtensionForm
from app.pilots.models import Pilot
from app.pilots.policy import open_extension

router = APIRouter()


@router.get("/pilots/{pilot_id}/extension", name="pilots:extension")
def extension(request: Request, seat: AnySeat) -> Response:
    return _extension_page(request, seat.pilot, Form())


@router.post("/pilots/{pilot_id}/extension", name="pilots:propose_extension")
def propose(
    request: Request,
    seat: AnySeat,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(ExtensionForm, submitted).carried_out(
        session,
        lambda typed: extending.propose_extension(
            session, seat, typed.ends_on, reason=typed.reason, outbox=outbox
        ),
    )
    if form.value is None:
        return _extension_page(request, seat.pilot, form)
    flash(request, gettext("The new last day is proposed. It holds once the other side signs."))
    return RedirectResponse(f"/pilots/{seat.pilot.id}", 303)


@router.post("/pilots/{pilot_id}/extension/reply", name="pilots:reply_to_extension")
def reply(
    request: Request,
    seat: AnySeat,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    def act(typed: ReplyToExtensionForm) -> None:
        if typed.reply == "sign":
            extending.sign_extension(session, seat, typed.extension_id, outbox=outbox)
        else:
            extending.decline_extension(
                session, seat, typed.extension_id, reason=typed.reason, outbox=outbox
            )

    form = Form.read(ReplyToExtensionForm, submitted).carried_out(session, act)
    if form.value is None:
        return _extension_page(request, seat.pilot, form)
    if form.value.reply == "sign":
        flash(request, gettext("You have signed. The pilot runs until the new last day."))
    else:
        flash(request, gettext("The proposal is off. The last day stays as it was."))
    return RedirectResponse(f"/pilots/{seat.pilot.id}", 303)


def _extension_page(request: Request, pilot: Pilot, form: Form[Any]) -> Response:
    return page(
        request,
        "pilots/extension.html",
        pilot=pilot,
        waiting=open_extension(pilot),
        form=form,
        status_code=form.status_code,
    )
