"""What ties a person to organisations, as they note it themselves."""

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import WrongEntry
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import N_, TIME_ZONE, gettext
from app.core.rendering import page
from app.evaluations import queries
from app.evaluations.access import OwnTie
from app.evaluations.actions import ties
from app.evaluations.forms import TieForm
from app.evaluations.models import TIE_KINDS, Conflict
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor

router = APIRouter()


@router.get("/account/ties", name="evaluations:ties")
def show_ties(request: Request, actor: SignedInActor, session: DbSession) -> Response:
    return _ties_page(request, session, actor, Form())


@router.post("/account/ties", name="evaluations:note_tie")
def note_tie(
    request: Request,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> Response:
    form = Form.read(TieForm, submitted)
    if form.value is not None:
        typed = form.value
        organisation = queries.organisation_named(session, typed.organisation)
        if organisation is None:
            unknown = WrongEntry(N_("There is no organisation of this name. Check its spelling."))
            form = form.refused(unknown, on="organisation")
        else:
            kind = Conflict(typed.kind)
            ties.note(session, organisation, kind, ended_on=typed.ended_on, by=actor, at=now)
            flash(request, gettext("The tie is noted."))
            return RedirectResponse("/account/ties", 303)
    return _ties_page(request, session, actor, form)


@router.post("/account/ties/{tie_id}/end", name="evaluations:end_tie")
def end_tie(
    request: Request, tie: OwnTie, actor: SignedInActor, session: DbSession, now: Now
) -> Response:
    today = now.astimezone(TIME_ZONE).date()
    ties.end(session, tie, today=today, by=actor, at=now)
    flash(request, gettext("The end of the tie is noted."))
    return RedirectResponse("/account/ties", 303)


def _ties_page(
    request: Request,
    session: DbSession,
    actor: Actor,
    form: Form[TieForm],
) -> Response:
    assert actor.user is not None  # noqa: S101 -- signed in
    return page(
        request,
        "evaluations/ties.html",
        status_code=form.status_code,
        ties=queries.ties_of(session, actor.user.id),
        kinds=[(kind.value, kind.label) for kind in TIE_KINDS],
        form=form,
    )
