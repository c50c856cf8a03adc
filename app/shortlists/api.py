"""JSON in, JSON out."""

from fastapi import Request

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.json_api import ApiRouter, Done, Listing, SeenVersion, whole
from app.core.outbox import RequestOutbox
from app.matches.access import CuratedChallenge, CuratedMatch, ListedChallenge
from app.matches.actions import invitations
from app.matches.schemas import MatchChanged, MatchShown
from app.organisations.access import SignedInActor
from app.organisations.schemas import OrganisationRef
from app.shortlists import pages, queries
from app.shortlists.access import CoSignedChallenge, ReadableChallenge, SentVersion
from app.shortlists.actions import curating, editing, sending, signing
from app.shortlists.forms import Words
from app.shortlists.schemas import (
    Addition,
    CoSigning,
    Drop,
    FoundShown,
    ListStored,
    ListWritten,
    Note,
    PaceShown,
    Recall,
    Rhythm,
    Sending,
    SendingShown,
    Sent,
    Shift,
    ShortlistShown,
    VersionShown,
)

router = ApiRouter("shortlists")
CURATE = Scope.MATCHES_CURATE
MATCH = "/challenges/{challenge_id}/matches/{match_id}"


@router.read(
    "/challenges/{challenge_id}/shortlist",
    "show",
    scope=Scope.MATCHES_READ,
    twin="shortlists:show",
)
def show_shortlist(
    challenge: ReadableChallenge, actor: SignedInActor, session: DbSession
) -> ShortlistShown:
    """Show the list: to curators with its making, to the owner side who was invited."""
    shown = pages.shortlist(session, challenge, actor)
    return ShortlistShown(
        entries=[MatchShown.of(card) for card in shown.entries],
        may_change=shown.may_change,
        versions=[each.number for each in shown.curation.versions] if shown.curation else [],
    )


@router.act(f"{MATCH}/keep", "keep", scope=CURATE, twin="shortlists:keep")
def keep_match(
    match: CuratedMatch, seen: SeenVersion, actor: SignedInActor, session: DbSession, now: Now
) -> MatchChanged:
    """Put a match on the list."""
    curating.check_version(session, match, seen)
    curating.keep(session, match, by=actor, at=now)
    session.flush()
    return MatchChanged.of(match)


@router.act(f"{MATCH}/undo", "undo", scope=CURATE, twin="shortlists:undo")
def undo_decision(
    match: CuratedMatch, seen: SeenVersion, actor: SignedInActor, session: DbSession, now: Now
) -> MatchChanged:
    """Take back what was decided about a match."""
    curating.check_version(session, match, seen)
    curating.undo(session, match, by=actor, at=now)
    session.flush()
    return MatchChanged.of(match)


@router.act(f"{MATCH}/move", "move", scope=CURATE, twin="shortlists:move")
def move_match(
    match: CuratedMatch,
    seen: SeenVersion,
    typed: Shift,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> MatchChanged:
    """Move a kept match up or down."""
    curating.check_version(session, match, seen)
    curating.shift(session, match, typed.direction, steps=typed.steps, by=actor, at=now)
    session.flush()
    return MatchChanged.of(match)


@router.act(f"{MATCH}/note", "note", scope=CURATE, twin="shortlists:note", method="PUT")
def write_note(
    match: CuratedMatch,
    seen: SeenVersion,
    typed: Note,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> MatchChanged:
    """Say why a match is on the list."""
    curating.check_version(session, match, seen)
    curating.write_note(session, match, typed.note, by=actor, at=now)
    session.flush()
    return MatchChanged.of(match)


@router.act(f"{MATCH}/drop", "drop", scope=CURATE, twin="shortlists:drop")
def drop_match(
    match: CuratedMatch,
    seen: SeenVersion,
    typed: Drop,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> MatchChanged:
    """Leave a match out, with the reason."""
    curating.check_version(session, match, seen)
    curating.drop(session, match, typed.reason, note=typed.note, by=actor, at=now)
    session.flush()
    return MatchChanged.of(match)


@router.act(f"{MATCH}/recall", "recall", scope=CURATE, twin="shortlists:recall")
def recall_match(
    match: CuratedMatch,
    seen: SeenVersion,
    typed: Recall,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> MatchChanged:
    """Take a match back, with the reason that an invited organisation reads."""
    curating.check_version(session, match, seen)
    invitations.recall(session, match, reason=typed.reason, by=actor, outbox=outbox)
    session.flush()
    return MatchChanged.of(match)


@router.act(
    "/challenges/{challenge_id}/shortlist",
    "add",
    scope=CURATE,
    twin="shortlists:add",
    status_code=201,
)
def add_organisation(
    challenge: CuratedChallenge, typed: Addition, actor: SignedInActor, session: DbSession, now: Now
) -> MatchChanged:
    """Add an organisation by hand."""
    organisation = queries.addable_organisation(session, challenge, typed.organisation_id)
    if organisation is None:
        raise NotFound(N_("There is no such organisation to add."))
    match = curating.add(session, challenge, organisation, note=typed.note, by=actor, at=now)
    session.flush()
    return MatchChanged.of(match)


@router.act(
    "/challenges/{challenge_id}/shortlist",
    "save",
    scope=CURATE,
    twin="shortlists:save",
    method="PUT",
)
def save_list(
    challenge: CuratedChallenge,
    typed: ListWritten,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> ListStored:
    """Store order and notes of the whole list; 412 where somebody else changed the same."""
    rows = [entry.row() for entry in typed.entries]
    return ListStored(changed=editing.edit(session, challenge, rows, by=actor, at=now))


@router.read(
    "/challenges/{challenge_id}/shortlist/candidates",
    "search",
    scope=CURATE,
    twin="shortlists:search",
)
def search_organisations(
    challenge: CuratedChallenge, session: DbSession, words: Words = ""
) -> Listing[FoundShown]:
    """Search by name for organisations to add by hand."""
    shown = pages.add_page(session, challenge, words.strip())
    return whole(
        shown.found,
        lambda found: FoundShown(
            organisation=OrganisationRef.of(found), state=shown.states.get(found.id)
        ),
    )


@router.read(
    "/challenges/{challenge_id}/shortlist/sending",
    "sending",
    scope=CURATE,
    twin="shortlists:check",
)
def show_sending(
    request: Request, challenge: CuratedChallenge, session: DbSession, now: Now
) -> SendingShown:
    """Show who would be invited now, who follows when, and who waits why."""
    sending.check_open(challenge, now)
    per_week = _per_week(request)
    shown = pages.sending(session, challenge, per_week=per_week, now=now)
    return SendingShown.of(shown, queries.shares_now(session, challenge))


@router.act(
    "/challenges/{challenge_id}/shortlist/pace",
    "pace",
    scope=CURATE,
    twin="shortlists:pace",
    method="PUT",
)
def set_pace(
    request: Request,
    challenge: CuratedChallenge,
    typed: Rhythm,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> PaceShown:
    """Set in what batches invitations go out."""
    per_week = _per_week(request)
    sending.set_pace(session, challenge, typed.pace(), by=actor, per_week=per_week, at=now)
    return PaceShown.of(pages.sending(session, challenge, per_week=per_week, now=now))


@router.act(
    "/challenges/{challenge_id}/shortlist/send", "send", scope=CURATE, twin="shortlists:send"
)
def send_invitations(
    request: Request,
    challenge: CuratedChallenge,
    typed: Sending,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> Sent:
    """Invite those who are kept: the first batch now, the others by themselves."""
    per_week, reason = _per_week(request), typed.share_reason
    how = sending.sender(actor, challenge, per_week=per_week, share_reason=reason)
    sent = sending.send(session, challenge, typed.match_id, how=how, outbox=outbox)
    now = {recipient.card.match.id for recipient in sent.now}
    everybody = [recipient.card.match.id for recipient in sent.everybody]
    return Sent(
        invited=[each for each in everybody if each in now],
        waiting=[each for each in everybody if each not in now],
    )


@router.read(
    "/challenges/{challenge_id}/shortlist/versions/{number}",
    "version",
    scope=Scope.MATCHES_READ,
    twin="shortlists:version",
)
def show_version(_challenge: ListedChallenge, version: SentVersion) -> VersionShown:
    """Show the list as it stood when it was sent."""
    return VersionShown.of(version)


@router.act(
    "/challenges/{challenge_id}/cosignature", "co_sign", scope=CURATE, twin="shortlists:co_sign"
)
def co_sign(
    challenge: CoSignedChallenge,
    typed: CoSigning,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Done:
    """Co-sign the decisions as they are prepared, for the region."""
    signing.co_sign(session, challenge, note=typed.note, by=actor, at=now)
    session.flush()
    return Done(id=challenge.id, state=challenge.state, version=challenge.version)


def _per_week(request: Request) -> int:
    return int(request.app.state.settings.invitations_per_week)
