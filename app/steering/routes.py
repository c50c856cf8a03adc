"""HTTP in, HTTP out."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.challenges.actions import refuse_if_stale
from app.challenges.models import Challenge, ChallengeState
from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import N_, gettext
from app.core.outbox import Outbox, RequestOutbox
from app.core.rendering import page
from app.core.state_machine import ReasonMissing
from app.organisations.access import SignedInActor
from app.steering import actions, pages
from app.steering.access import ChallengeToChange, SteeredChallenge
from app.steering.actions import Steer
from app.steering.forms import FORMS, CourseForm, DatesForm, EndingForm, first_fields
from app.steering.policy import Act

router = APIRouter(tags=["steering"])
DONE = {
    Act.OPEN: N_("It is open for answers now."),
    Act.EXTEND: N_("The deadline is extended, and everybody concerned is told."),
    Act.CLOSE: N_("It is closed for answers, and everybody concerned is told."),
    Act.REOPEN: N_("It takes answers again, and everybody concerned is told."),
    Act.COMPLETE: N_("It is completed, and everybody concerned is told what became of it."),
    Act.CANCEL: N_("It is cancelled, and everybody concerned is told why."),
    Act.ARCHIVE: N_("It is in the archive."),
}


def _extend(
    session: DbSession, challenge: Challenge, how: Steer, typed: CourseForm, outbox: Outbox
) -> None:
    assert isinstance(typed, DatesForm)  # noqa: S101 -- FORMS pairs it with this act
    actions.extend(session, challenge, how, typed.dates(), outbox=outbox)


def _reopen(
    session: DbSession, challenge: Challenge, how: Steer, typed: CourseForm, outbox: Outbox
) -> None:
    assert isinstance(typed, DatesForm)  # noqa: S101 -- FORMS pairs it with this act
    actions.reopen(session, challenge, how, typed.dates(), outbox=outbox)


def _complete(
    session: DbSession, challenge: Challenge, how: Steer, typed: CourseForm, outbox: Outbox
) -> None:
    assert isinstance(typed, EndingForm)  # noqa: S101 -- FORMS pairs it with this act
    actions.complete(session, challenge, how, typed.ending, outbox=outbox)


def _plain(act: Callable[..., None]) -> Callable[..., None]:
    """Return an act that takes nothing from its form but the reason."""

    def carry_out(
        session: DbSession, challenge: Challenge, how: Steer, _typed: CourseForm, outbox: Outbox
    ) -> None:
        act(session, challenge, how, outbox=outbox)

    return carry_out


CARRIED_OUT: Mapping[Act, Callable[..., None]] = {
    Act.OPEN: _plain(actions.open_now),
    Act.EXTEND: _extend,
    Act.CLOSE: _plain(actions.close),
    Act.REOPEN: _reopen,
    Act.COMPLETE: _complete,
    Act.CANCEL: _plain(actions.cancel),
    Act.ARCHIVE: _plain(actions.archive),
}


@router.get("/challenges/{challenge_id}/steering", name="steering:show")
def show(
    request: Request,
    challenge: SteeredChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    shown = pages.steering_page(session, challenge, actor, now)
    return page(request, "steering/show.html", challenge=challenge, shown=shown)


@router.get("/challenges/{challenge_id}/steering/{act}", name="steering:confirm")
def confirm(
    request: Request,
    act: Act,
    challenge: ChallengeToChange,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    actions.steer(session, challenge, act, by=actor, reason="", at=now)
    form = Form[CourseForm](raw=first_fields(act, challenge))
    return _act_page(request, session, challenge, act, form)


@router.post("/challenges/{challenge_id}/steering/{act}", name="steering:carry_out")
def carry_out(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    request: Request,
    act: Act,
    challenge: ChallengeToChange,
    data: SubmittedForm,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> Response:
    form: Form[CourseForm] = Form.read(FORMS[act], data)
    typed = form.value
    if typed is None:
        return _act_page(request, session, challenge, act, form)
    how = actions.steer(session, challenge, act, by=actor, reason=typed.reason, at=outbox.now)
    refuse_if_stale(challenge, typed.version, while_in=frozenset(ChallengeState))
    form = form.carried_out(
        session,
        lambda typed: CARRIED_OUT[act](session, challenge, how, typed, outbox),
        catching=(ReasonMissing, actions.WrongDay),
    )
    if form.value is None:
        return _act_page(request, session, challenge, act, form)
    flash(request, gettext(DONE[act]))
    return RedirectResponse(f"/challenges/{challenge.id}/steering", 303)


def _act_page(
    request: Request, session: DbSession, challenge: Challenge, act: Act, form: Form[CourseForm]
) -> Response:
    return page(
        request,
        "steering/act.html",
        status_code=422 if form.errors else 200,
        challenge=challenge,
        act=act,
        form=form,
        shown=pages.act_page(session, challenge),
    )
