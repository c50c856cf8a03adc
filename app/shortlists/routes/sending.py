"""Batches of invitations: checked, sent, paced, taken back."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.challenges.models import Challenge
from app.challenges.policy import is_in_rounds, spends_public_money
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import Stale
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext, ngettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.matches.access import CuratedChallenge, CuratedMatch, ListedChallenge
from app.matches.actions import invitations
from app.matches.models import Match
from app.organisations.access import SignedInActor
from app.shortlists import pages, policy, queries
from app.shortlists.access import CoSignedChallenge, SentVersion
from app.shortlists.actions import curating, sending, signing
from app.shortlists.forms import CoSignForm, Incomplete, PaceForm, RecallForm, SendForm
from app.shortlists.models import SIGNABLE
from app.shortlists.policy import Round

router = APIRouter()


def _per_week(request: Request) -> int:
    return int(request.app.state.settings.invitations_per_week)


@router.get("/challenges/{challenge_id}/shortlist/send", name="shortlists:check")
def check(request: Request, challenge: CuratedChallenge, session: DbSession, now: Now) -> Response:
    """Show who would get which mail, now and later."""
    sending.check_open(challenge, now)
    return _send_page(request, session, challenge, now, Form())


def _send_page(
    request: Request, session: DbSession, challenge: Challenge, now: Now, form: Form[PaceForm]
) -> Response:
    coming = pages.sending(session, challenge, per_week=_per_week(request), now=now)
    return page(
        request,
        "shortlists/send.html",
        status_code=422 if form.errors else 200,
        challenge=challenge,
        coming=coming,
        shares=queries.shares_now(session, challenge),
        share_reason=queries.share_reason_of(session, challenge.id),
        form=form if form.raw else Form(raw=coming.as_form, errors=form.errors),
    )


@router.post("/challenges/{challenge_id}/shortlist/send", name="shortlists:send")
def send(
    request: Request,
    challenge: CuratedChallenge,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> Response:
    """Invite the first batch of those who are kept."""
    form = Form.read(SendForm, data)
    if form.value is None:
        raise Incomplete
    per_week, reason = _per_week(request), form.value.share_reason
    how = sending.sender(actor, challenge, per_week=per_week, share_reason=reason)
    try:
        with all_or_nothing(session):
            sent = sending.send(session, challenge, form.value.match_id, how=how, outbox=outbox)
    except sending.ReasonOwed as refusal:
        refused = form.refused(refusal)
        return _send_page(request, session, challenge, outbox.now, Form(errors=refused.errors))
    flash(request, _what_was_sent(sent))
    if not sent.now:
        return RedirectResponse(f"/challenges/{challenge.id}/shortlist", 303)
    number = sent.now[0].card.match.batch
    return RedirectResponse(f"/challenges/{challenge.id}/shortlist/versions/{number}", 303)


def _what_was_sent(sent: Round) -> str:
    count = len(sent.now)
    said = ngettext("%(num)d organisation is invited.", "%(num)d organisations are invited.", count)
    words = said % {"num": count}
    if sent.queued:
        count = len(sent.queued)
        follows = ngettext(
            "%(num)d follows later by itself.", "%(num)d follow later by themselves.", count
        )
        words = f"{words} {follows % {'num': count}}"
    return words


@router.post("/challenges/{challenge_id}/shortlist/pace", name="shortlists:pace")
def set_pace(
    request: Request,
    challenge: CuratedChallenge,
    actor: SignedInActor,
    session: DbSession,
    data: SubmittedForm,
    now: Now,
) -> Response:
    """Set in what batches invitations go out."""
    form = Form.read(PaceForm, data)
    if form.value is None:
        return _send_page(request, session, challenge, now, form)
    pace, per_week = form.value.pace(), _per_week(request)
    sending.set_pace(session, challenge, pace, by=actor, per_week=per_week, at=now)
    flash(request, gettext("Noted: this is how invitations go out from now on."))
    return RedirectResponse(f"/challenges/{challenge.id}/shortlist", 303)


@router.get("/challenges/{challenge_id}/shortlist/versions/{number}", name="shortlists:version")
def show_version(request: Request, challenge: ListedChallenge, version: SentVersion) -> Response:
    """Show the list as it stood when it was sent."""
    return page(
        request,
        "shortlists/version.html",
        challenge=challenge,
        version=version,
        digest=policy.digest(version),
        shares=policy.kept_shares(version),
    )


@router.get("/challenges/{challenge_id}/shortlist/versions/{number}/data", name="shortlists:data")
def show_data(challenge: ListedChallenge, version: SentVersion) -> Response:
    """Give a sent list as data: the same bytes whenever it is asked for."""
    name = f"{challenge.reference}-shortlist-{version.number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = policy.exported(version)
    return Response(content, media_type="application/json", headers=headers)


@router.get("/challenges/{challenge_id}/matches/{match_id}/recall", name="shortlists:ask_recall")
def ask_recall(request: Request, match: CuratedMatch) -> Response:
    """Ask why a match is taken back, and say what that means."""
    return _recall_page(request, match, Form(raw={"version": str(match.version)}))


@router.post("/challenges/{challenge_id}/matches/{match_id}/recall", name="shortlists:recall")
def recall(
    request: Request,
    match: CuratedMatch,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> Response:
    """Take a match back; what was typed survives a reply that came meanwhile."""
    form = Form.read(RecallForm, data)
    if form.value is None:
        return _recall_page(request, match, form, status=422)
    try:
        with all_or_nothing(session):
            curating.check_version(session, match, form.value.version)
    except Stale as refusal:
        again = form.refused(refusal)
        return _recall_page(request, match, again, status=409)
    invitations.recall(session, match, reason=form.value.reason, by=actor, outbox=outbox)
    flash(request, gettext("%(name)s is taken back.") % {"name": match.organisation.name})
    return RedirectResponse(f"/challenges/{match.challenge_id}/shortlist", 303)


def _recall_page(
    request: Request, match: Match, form: Form[RecallForm], *, status: int = 200
) -> Response:
    return page(request, "shortlists/recall.html", status_code=status, match=match, form=form)


@router.get("/challenges/{challenge_id}/cosignature", name="shortlists:ask_signature")
def ask_signature(
    request: Request, challenge: ListedChallenge, actor: SignedInActor, session: DbSession
) -> Response:
    """Show why a decision needs the region's signature, and whether it has it."""
    return page(
        request,
        "shortlists/cosign.html",
        challenge=challenge,
        reason=queries.share_reason_of(session, challenge.id),
        spends_public_money=spends_public_money(challenge),
        signature=queries.co_signature_of(session, challenge.id),
        may_sign=actor.is_regional_developer
        and (challenge.state in SIGNABLE or is_in_rounds(challenge)),
        form=Form(),
    )


@router.post("/challenges/{challenge_id}/cosignature", name="shortlists:co_sign")
def co_sign(
    request: Request,
    challenge: CoSignedChallenge,
    actor: SignedInActor,
    session: DbSession,
    data: SubmittedForm,
    now: Now,
) -> Response:
    """Co-sign the decisions of a challenge as they are prepared."""
    form = Form.read(CoSignForm, data)
    if form.value is None:
        raise Incomplete
    signing.co_sign(session, challenge, note=form.value.note, by=actor, at=now)
    flash(request, gettext("You have co-signed. The owner can release the decisions now."))
    return RedirectResponse(f"/challenges/{challenge.id}/cosignature", 303)
