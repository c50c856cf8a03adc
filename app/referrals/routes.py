"""HTTP in, HTTP out."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from app.challenges.access import ViewableChallenge
from app.challenges.models import Challenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import DomainError, NotFound
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import N_, gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.matches.access import CuratedChallenge, CuratedMatch
from app.organisations.access import SignedInActor
from app.referrals import actions, pages, queries
from app.referrals.access import OwnReferral, SeenReferral
from app.referrals.forms import AnswerForm, RecommendationForm, ReferralForm
from app.referrals.models import Referral
from app.responses.policy import may_answer
from app.shortlists.queries import addable_organisation

router = APIRouter(tags=["referrals"])
Words = Annotated[str, Query(alias="q", max_length=200)]


@router.get("/challenges/{challenge_id}/refer", name="referrals:ask_cluster")
def ask_cluster(request: Request, challenge: CuratedChallenge, session: DbSession) -> Response:
    """Ask to which cluster a challenge is referred, and why."""
    return _challenge_page(request, session, challenge, Form(), 200)


@router.post("/challenges/{challenge_id}/refer", name="referrals:refer_challenge")
def refer_challenge(
    request: Request,
    challenge: CuratedChallenge,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> Response:
    """Refer a challenge to another cluster."""
    form = Form.read(ReferralForm, data)
    clusters = {each.id: each for each in queries.other_clusters(session, challenge)}
    cluster = clusters.get(form.value.target) if form.value else None
    if form.value is None or cluster is None:
        return _challenge_page(request, session, challenge, form, 422)
    note = form.value.note
    try:
        with all_or_nothing(session):
            referral = actions.refer_challenge(
                session, challenge, cluster, note=note, by=actor, outbox=outbox
            )
    except actions.AskedAlready as refusal:
        again = form.refused(refusal, on="target")
        return _challenge_page(request, session, challenge, again, 422)
    flash(request, gettext("Referred. You look after it until the other cluster accepts."))
    return RedirectResponse(f"/referrals/{referral.id}", 303)


def _challenge_page(
    request: Request,
    session: DbSession,
    challenge: Challenge,
    form: Form[ReferralForm],
    status: int,
) -> Response:
    clusters = queries.other_clusters(session, challenge)
    options = [(str(each.id), each.name) for each in clusters]
    return page(
        request, "referrals/refer.html", status_code=status, challenge=challenge,
        organisation=None, options=options, form=form,
    )  # fmt: skip


@router.get("/challenges/{challenge_id}/matches/{match_id}/refer", name="referrals:ask_challenge")
def ask_challenge(request: Request, match: CuratedMatch, session: DbSession, now: Now) -> Response:
    """Ask for which other challenge somebody is referred, and why."""
    options = queries.others_open_challenges(session, match.challenge, match.organisation, now)
    return page(
        request, "referrals/refer.html", challenge=match.challenge,
        organisation=match.organisation, options=_named(options), form=Form(),
    )  # fmt: skip


@router.post(
    "/challenges/{challenge_id}/matches/{match_id}/refer", name="referrals:refer_candidate"
)
def refer_candidate(
    request: Request,
    match: CuratedMatch,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> Response:
    """Refer a candidate to the cluster of another challenge."""
    found = queries.others_open_challenges(session, match.challenge, match.organisation, outbox.now)
    form = Form.read(ReferralForm, data)
    known = {each.id: each for each in found}
    target = known.get(form.value.target) if form.value else None
    if form.value is not None and target is not None:
        note = form.value.note
        try:
            with all_or_nothing(session):
                referral = actions.refer_candidate(
                    session, match, target, note=note, by=actor, outbox=outbox
                )
        except actions.AskedAlready as refusal:
            form = form.refused(refusal, on="target")
        else:
            flash(request, gettext("Referred. The other cluster decides."))
            return RedirectResponse(f"/referrals/{referral.id}", 303)
    return page(
        request, "referrals/refer.html", status_code=422, challenge=match.challenge,
        organisation=match.organisation, options=_named(found), form=form,
    )  # fmt: skip


def _named(challenges: Sequence[Challenge]) -> list[tuple[str, str]]:
    return [
        (str(each.id), f"{each.title} ({each.curating_cluster.name})")
        for each in challenges
        if each.curating_cluster
    ]


@router.get("/referrals/{referral_id}", name="referrals:show")
def show(request: Request, referral: SeenReferral, actor: SignedInActor) -> Response:
    """Show a referral, and to those it is for the two answers."""
    return _referral_page(request, referral, actor, Form(), 200)


@router.post("/referrals/{referral_id}", name="referrals:answer")
def answer(
    request: Request,
    referral: OwnReferral,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> Response:
    """Accept or decline a referral."""
    form = Form.read(AnswerForm, data)
    if form.value is None:
        return _referral_page(request, referral, actor, form, 422)
    try:
        with all_or_nothing(session):
            if form.value.answer == "accept":
                actions.accept(session, referral, by=actor, outbox=outbox)
            else:
                reason = form.value.reason
                actions.decline(session, referral, reason=reason, by=actor, outbox=outbox)
    except DomainError as refusal:
        again = form.refused(refusal)
        return _referral_page(request, referral, actor, again, refusal.status_code)
    flash(request, gettext("Your answer is passed on."))
    return RedirectResponse(f"/referrals/{referral.id}", 303)


def _referral_page(
    request: Request, referral: Referral, actor: SignedInActor, form: Form[AnswerForm], status: int
) -> Response:
    may_answer_it = actor.acts_for(referral.to_cluster_id) and referral.answered_at is None
    return page(
        request, "referrals/show.html", status_code=status, referral=referral,
        may_answer=may_answer_it, form=form,
    )  # fmt: skip


@router.get("/challenges/{challenge_id}/recommend", name="referrals:ask_whom")
def ask_whom(
    request: Request,
    challenge: ViewableChallenge,
    actor: SignedInActor,
    session: DbSession,
    words: Words = "",
) -> Response:
    """Ask who is recommended for a challenge, and what speaks for it."""
    shown = pages.recommendation(session, challenge, actor, words.strip())
    return page(request, "referrals/recommend.html", shown=shown, form=Form())


@router.post("/challenges/{challenge_id}/recommend", name="referrals:recommend")
def recommend(
    request: Request,
    challenge: ViewableChallenge,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> Response:
    """Bring somebody to the attention of the curators."""
    form = Form.read(RecommendationForm, data)
    if form.value is None:
        shown = pages.recommendation(session, challenge, actor, form.get("q"))
        return page(request, "referrals/recommend.html", status_code=422, shown=shown, form=form)
    organisation = addable_organisation(session, challenge, form.value.organisation_id)
    if organisation is None or not may_answer(organisation, challenge):
        raise NotFound(N_("There is no such organisation to recommend."))
    note = form.value.note
    actions.recommend(session, challenge, organisation, note=note, by=actor, outbox=outbox)
    flash(request, gettext("Thank you: the curators see your recommendation."))
    return RedirectResponse(f"/challenges/{challenge.id}", 303)
