"""JSON in, JSON out."""

from app.accounts.models import Scope
from app.challenges.access import ViewableChallenge
from app.core.database import DbSession
from app.core.errors import NotFound
from app.core.i18n import N_, gettext
from app.core.json_api import ApiRouter, Done, Listing, whole
from app.core.outbox import RequestOutbox
from app.core.problems import Invalid
from app.matches.access import CuratedChallenge, CuratedMatch
from app.organisations.access import SignedInActor
from app.referrals import actions, queries
from app.referrals.access import OwnReferral, SeenReferral
from app.referrals.models import Referral
from app.referrals.schemas import Recommended, ReferralReply, ReferralShown, ReferralWritten
from app.responses.policy import may_answer
from app.shortlists.queries import addable_organisation

router = ApiRouter("referrals")
READ, WRITE = Scope.MATCHES_READ, Scope.MATCHES_CURATE
OF_CHALLENGE, REFERRAL = "/challenges/{challenge_id}/referrals", "/referrals/{referral_id}"


@router.read(OF_CHALLENGE, "list", scope=READ, twin="referrals:ask_cluster")
def list_referrals(challenge: CuratedChallenge, session: DbSession) -> Listing[ReferralShown]:
    """List who was referred and recommended for a challenge that you look after, by whom."""
    return whole(queries.referrals_about(session, challenge.id), ReferralShown.of)


@router.act(
    OF_CHALLENGE, "refer_challenge", scope=WRITE, twin="referrals:refer_challenge", status_code=201
)
def refer_challenge(
    challenge: CuratedChallenge,
    typed: ReferralWritten,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> ReferralShown:
    """Refer a challenge to another cluster; you look after it until that one accepts.

    `target` is the id of the cluster.
    """
    clusters = {each.id: each for each in queries.other_clusters(session, challenge)}
    cluster, note = clusters.get(typed.target), typed.note
    if cluster is None:
        raise _no_target()
    return _shown(
        session,
        actions.refer_challenge(session, challenge, cluster, note=note, by=actor, outbox=outbox),
    )


@router.act(
    "/challenges/{challenge_id}/matches/{match_id}/referrals",
    "refer_candidate",
    scope=WRITE,
    twin="referrals:refer_candidate",
    status_code=201,
)
def refer_candidate(
    match: CuratedMatch,
    typed: ReferralWritten,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> ReferralShown:
    """Refer a candidate to the cluster of another challenge.

    `target` is the id of that challenge.
    """
    now = outbox.now
    found = queries.others_open_challenges(session, match.challenge, match.organisation, now)
    target = {each.id: each for each in found}.get(typed.target)
    if target is None:
        raise _no_target()
    note = typed.note
    return _shown(
        session, actions.refer_candidate(session, match, target, note=note, by=actor, outbox=outbox)
    )


def _no_target() -> Invalid:
    return Invalid({"target": gettext("Choose to whom you refer it.")})


@router.read(REFERRAL, "show", scope=READ, twin="referrals:show")
def show_referral(referral: SeenReferral) -> ReferralShown:
    """Show a referral between clusters."""
    return ReferralShown.of(referral)


@router.act(f"{REFERRAL}/answer", "answer", scope=WRITE, twin="referrals:answer")
def answer_referral(
    referral: OwnReferral,
    typed: ReferralReply,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> ReferralShown:
    """Accept or decline what is referred to your cluster."""
    if typed.answer == "accept":
        actions.accept(session, referral, by=actor, outbox=outbox)
    else:
        actions.decline(session, referral, reason=typed.reason, by=actor, outbox=outbox)
    return _shown(session, referral)


@router.act(
    "/challenges/{challenge_id}/recommendations",
    "recommend",
    scope=Scope.CHALLENGES_WRITE,
    twin="referrals:recommend",
)
def recommend(
    challenge: ViewableChallenge,
    typed: Recommended,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> Done:
    """Bring somebody, or your own organisation, to the attention of the curators."""
    organisation = addable_organisation(session, challenge, typed.organisation_id)
    if organisation is None or not may_answer(organisation, challenge):
        raise NotFound(N_("There is no such organisation to recommend."))
    note = typed.note
    actions.recommend(session, challenge, organisation, note=note, by=actor, outbox=outbox)
    return Done(id=challenge.id, state=challenge.state)


def _shown(session: DbSession, referral: Referral) -> ReferralShown:
    session.flush()
    stored = queries.referral_by_id(session, referral.id)  # loads its ends
    return ReferralShown.of(stored or referral)
