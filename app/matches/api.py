"""JSON in, JSON out."""

from fastapi import Request, Response

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.json_api import ApiRouter, Done, Listing, listing
from app.core.outbox import RequestOutbox
from app.core.pagination import PageNumber
from app.matches import pages, queries
from app.matches.access import (
    CuratedChallenge,
    Invitation,
    InvitedOrganisation,
    ListedChallenge,
    OwnInvitation,
)
from app.matches.actions import invitations, runs
from app.matches.forms import ChosenFilter
from app.matches.schemas import (
    EvidenceShown,
    InvitationRead,
    InvitationReply,
    InvitationShown,
    InvitationsWanted,
    MatchShown,
    WantedShown,
)
from app.organisations.access import SignedInActor

router = ApiRouter("matches")
READ = Scope.MATCHES_READ


@router.read("/challenges/{challenge_id}/matches", "list", scope=READ, twin="matches:list")
def list_matches(
    request: Request,
    answer: Response,
    challenge: ListedChallenge,
    chosen: ChosenFilter,
    session: DbSession,
    number: PageNumber = 1,
) -> Listing[MatchShown]:
    """List the matches of a challenge with their evidence.

    Filters as on the page: `kind`, `cluster`, `state`, `evidence=must`, `bridge=1`, `sort`.
    """
    shown = pages.cards_page(session, challenge, chosen, number=number)
    return listing(request, answer, shown, MatchShown.of)


@router.act(
    "/challenges/{challenge_id}/matches/run",
    "run",
    scope=Scope.MATCHES_CURATE,
    twin="matches:run",
    status_code=202,
)
def request_run(
    challenge: CuratedChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> Done:
    """Ask for a new match run.

    It is made in the background; look at the list again in a moment.
    """
    runs.request_run(session, challenge, by=actor, at=now)
    return Done(id=challenge.id, state=challenge.state, version=challenge.version)


@router.read("/invitations", "invitations", scope=READ, twin="matches:invitations")
def list_invitations(
    request: Request,
    answer: Response,
    actor: SignedInActor,
    session: DbSession,
    number: PageNumber = 1,
) -> Listing[InvitationShown]:
    """List the invitations of all your organisations."""
    ids = [organisation.id for organisation in actor.organisations]
    page = queries.invitations_of(session, ids, page=number)
    return listing(request, answer, page, InvitationShown.of)


@router.act(
    "/organisations/{slug}/invitations",
    "want",
    scope=Scope.INVITATIONS_ANSWER,
    twin="matches:want_invitations",
    method="PUT",
)
def want_invitations(
    organisation: InvitedOrganisation,
    typed: InvitationsWanted,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> WantedShown:
    """Say whether your organisation takes invitations."""
    is_wanted = typed.wanted == "yes"
    change = invitations.welcome if is_wanted else invitations.stop
    change(session, organisation, by=actor, at=now)
    return WantedShown(slug=organisation.slug, wanted=is_wanted)


@router.read("/invitations/{match_id}", "invitation", scope=READ, twin="matches:invitation")
@writes
def show_invitation(
    match: Invitation, actor: SignedInActor, session: DbSession, now: Now
) -> InvitationRead:
    """Show an invitation with the reasons for it; the first view is noted."""
    invitations.mark_seen(session, match, by=actor, at=now)
    shown = pages.invitation(session, match, actor, now)
    return InvitationRead(
        **InvitationShown.of(match).model_dump(),
        evidence=[EvidenceShown.of(line) for line in shown.card.evidence],
        may_reply=shown.may_reply,
        is_open=shown.is_open,
    )


@router.act(
    "/invitations/{match_id}/reply",
    "reply",
    scope=Scope.INVITATIONS_ANSWER,
    twin="matches:reply",
)
def reply_to_invitation(
    match: OwnInvitation,
    typed: InvitationReply,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> InvitationShown:
    """Reply to an invitation: interested, not for us, or not now."""
    why = typed.reason
    invitations.reply(session, match, typed.reply, by=actor, outbox=outbox, reason=why)
    return InvitationShown.of(match)
