"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.challenges.models import Challenge
from app.challenges.policy import is_curator
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.pagination import PageNumber
from app.core.rendering import page
from app.matches import pages, queries
from app.matches.access import (
    CuratedChallenge,
    Invitation,
    InvitedOrganisation,
    ListedChallenge,
    OwnInvitation,
    RepliedMail,
)
from app.matches.actions import invitations, runs
from app.matches.forms import ChosenFilter, ReasonForm, ReplyForm, Unclear, WantedForm
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.progress.pages import Progress, progress_towards

router = APIRouter(tags=["matches"])


@router.get("/challenges/{challenge_id}/matches", name="matches:list")
def show_list(
    request: Request,
    challenge: ListedChallenge,
    actor: SignedInActor,
    chosen: ChosenFilter,
    session: DbSession,
    number: PageNumber = 1,
) -> Response:
    """Show the machine's list with evidence and what became of it."""
    shown = pages.match_list(session, challenge, chosen, number=number)
    return page(
        request,
        "matches/list.html",
        shown=shown,
        awaited=_awaited(session, actor, challenge) if shown.is_waiting else None,
        may_curate=is_curator(actor, challenge),
    )


def _awaited(session: DbSession, actor: Actor, challenge: Challenge) -> Progress | None:
    """Return the match run that this person asked for and waits for."""
    path = f"/challenges/{challenge.id}/matches"
    return progress_towards(session, actor.user.id if actor.user else None, path)


@router.get("/challenges/{challenge_id}/matches/compare", name="matches:compare")
def compare(
    request: Request, challenge: ListedChallenge, actor: SignedInActor, session: DbSession
) -> Response:
    """Show up to four matches side by side; the address can be passed on."""
    shown = pages.comparison(session, challenge, request.query_params)
    may_curate = is_curator(actor, challenge)
    return page(request, "matches/compare.html", shown=shown, may_curate=may_curate)


@router.post("/challenges/{challenge_id}/matches/run", name="matches:run")
def request_run(
    request: Request,
    challenge: CuratedChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    """Ask for a new match run."""
    runs.request_run(session, challenge, by=actor, at=now)
    flash(request, gettext("Matching is on its way. Reload this page in a moment."))
    return RedirectResponse(f"/challenges/{challenge.id}/matches", 303)


@router.get("/invitations", name="matches:invitations")
def list_invitations(
    request: Request, actor: SignedInActor, session: DbSession, number: PageNumber = 1
) -> Response:
    """Show the invitations of all organisations this person belongs to."""
    ids = [organisation.id for organisation in actor.organisations]
    found = queries.invitations_of(session, ids, page=number)
    acting = actor.acting_organisations
    stopped = queries.stopped_ids(session, [organisation.id for organisation in acting])
    return page(request, "matches/invitations.html", found=found, acting=acting, stopped=stopped)


@router.post("/organisations/{slug}/invitations", name="matches:want_invitations")
def want_invitations(
    request: Request,
    organisation: InvitedOrganisation,
    actor: SignedInActor,
    session: DbSession,
    data: SubmittedForm,
    now: Now,
) -> Response:
    """Take an organisation off what is sent, or back on."""
    form = Form.read(WantedForm, data)
    if form.value is None:
        raise Unclear
    change = invitations.welcome if form.value.wanted == "yes" else invitations.stop
    change(session, organisation, by=actor, at=now)
    flash(request, gettext("Noted."))
    return RedirectResponse("/invitations", 303)


@router.get("/invitations/{match_id}", name="matches:invitation")
@writes
def show_invitation(
    request: Request, match: Invitation, actor: SignedInActor, session: DbSession, now: Now
) -> Response:
    """Show one invitation; the first view is noted."""
    invitations.mark_seen(session, match, by=actor, at=now)
    shown = pages.invitation(session, match, actor, now)
    return page(request, "matches/invitation.html", shown=shown, form=Form())


@router.post("/invitations/{match_id}/reply", name="matches:reply")
def reply(
    request: Request,
    match: OwnInvitation,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> Response:
    """Take the organisation's reply."""
    form = Form.read(ReplyForm, data)
    if form.value is None:
        shown = pages.invitation(session, match, actor, outbox.now)
        return page(request, "matches/invitation.html", status_code=422, shown=shown, form=form)
    invitations.reply(
        session, match, form.value.reply, by=actor, outbox=outbox, reason=form.value.reason
    )
    flash(request, gettext("Thank you, your reply has been passed on."))
    return RedirectResponse(f"/invitations/{match.id}", 303)


@router.get("/reply/{token}", name="matches:mail_reply")
def show_mail_reply(request: Request, replied: RepliedMail, now: Now) -> Response:
    """Show what a link from a mail would reply; looking changes nothing."""
    is_open = replied.match.challenge.takes_answers(now)
    return page(request, "matches/mail_reply.html", replied=replied, is_open=is_open, form=Form())


@router.post("/reply/{token}", name="matches:send_mail_reply")
def send_mail_reply(
    request: Request,
    replied: RepliedMail,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> Response:
    """Take the reply of a link from a mail."""
    form = Form.read(ReasonForm, data)
    if form.value is None:
        return page(
            request,
            "matches/mail_reply.html",
            status_code=422,
            replied=replied,
            is_open=True,
            form=form,
        )
    invitations.reply(
        session,
        replied.match,
        replied.reply,
        by=replied.actor,
        outbox=outbox,
        reason=form.value.reason,
    )
    return page(request, "matches/mail_replied.html", replied=replied)
