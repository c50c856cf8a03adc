"""The only way a route gets a match list, a match or an invitation."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Request

from app.accounts.queries import user_by_id
from app.challenges.access import ChallengeId
from app.challenges.models import Challenge
from app.challenges.policy import is_curator
from app.challenges.queries import challenge_with_requirements
from app.core.database import DbSession
from app.core.errors import Forbidden, LinkExpired, NotFound
from app.core.i18n import N_
from app.matches import queries
from app.matches.emails import REPLYING
from app.matches.models import Match, MatchState, Reply
from app.matches.policy import may_see_list
from app.organisations.access import AnyActor, SignedInActor, ViewableOrganisation
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.organisations.queries import actor_for

REPLYING_SECONDS = 60 * 24 * 60 * 60

MatchId = Annotated[int, Path(ge=1, lt=2**31)]


def get_listed_challenge(
    challenge_id: ChallengeId, actor: SignedInActor, session: DbSession
) -> Challenge:
    """Return a challenge whose match list this person may read.

    :raises NotFound: if there is none, or it is another cluster's
    """
    challenge = challenge_with_requirements(session, challenge_id)
    if challenge is None or not may_see_list(actor, challenge):
        raise NotFound(N_("There is no match list at this address."))
    return challenge


ListedChallenge = Annotated[Challenge, Depends(get_listed_challenge)]


async def get_curated_challenge(challenge: ListedChallenge, actor: SignedInActor) -> Challenge:
    """Return a challenge whose list this person may change.

    :raises Forbidden: if they may only read it
    """
    if not is_curator(actor, challenge):
        raise Forbidden(N_("Only managers and editors of the curating cluster can do this."))
    return challenge


CuratedChallenge = Annotated[Challenge, Depends(get_curated_challenge)]


def get_curated_match(match_id: MatchId, challenge: CuratedChallenge, session: DbSession) -> Match:
    """Return a match of a challenge whose list this person may change.

    :raises NotFound: if the challenge has no such match
    """
    match = queries.match_with_parties(session, match_id)
    if match is None or match.challenge_id != challenge.id:
        raise NotFound(N_("There is no match at this address. A newer run may have removed it."))
    return match


CuratedMatch = Annotated[Match, Depends(get_curated_match)]


def get_invitation(match_id: MatchId, actor: SignedInActor, session: DbSession) -> Match:
    """Return an invitation of an organisation this person belongs to.

    :raises NotFound: if it is absent, not sent yet, or another organisation's
    """
    match = queries.match_with_parties(session, match_id)
    if match is None or match.sent_at is None:
        raise NotFound(N_("There is no invitation at this address."))
    if not actor.belongs_to(match.organisation_id):
        raise NotFound(N_("There is no invitation at this address."))
    return match


Invitation = Annotated[Match, Depends(get_invitation)]


async def get_own_invitation(match: Invitation, actor: SignedInActor) -> Match:
    """Return an invitation that this person may answer.

    :raises Forbidden: if they may only read it
    """
    if not actor.acts_for(match.organisation_id):
        raise Forbidden(N_("Only managers and editors can reply for their organisation."))
    return match


OwnInvitation = Annotated[Match, Depends(get_own_invitation)]


@dataclass(frozen=True)
class MailReply:
    """What somebody is about to answer with a link from their mail, without signing in."""

    match: Match
    reply: Reply
    actor: Actor


async def get_invited_organisation(
    organisation: ViewableOrganisation, actor: SignedInActor
) -> Organisation:
    """Return an organisation for which this person decides whether it takes invitations.

    :raises Forbidden: if they do not act for it
    """
    if not actor.acts_for(organisation.id):
        raise Forbidden(N_("Only managers and editors can reply for their organisation."))
    return organisation


InvitedOrganisation = Annotated[Organisation, Depends(get_invited_organisation)]


def get_mail_reply(
    request: Request, token: str, _viewer: AnyActor, session: DbSession
) -> MailReply:
    """Return the reply behind a link from an invitation.

    :raises LinkExpired: if the link is forged or older than 60 days, the match gone, or the
        person no longer acts for the organisation
    """
    payload = request.app.state.tokens.read(REPLYING, token, max_age=REPLYING_SECONDS)
    match = queries.match_with_parties(session, payload["match_id"]) if payload else None
    if payload is None or match is None or match.sent_at is None:
        raise LinkExpired(LINK_EXPIRED)
    if match.state is MatchState.RECALLED:
        raise LinkExpired(TAKEN_BACK)
    actor = actor_for(session, user_by_id(session, payload["user_id"]))
    if not actor.acts_for(match.organisation_id):
        raise LinkExpired(LINK_EXPIRED)
    return MailReply(match, Reply(payload["reply"]), actor)


LINK_EXPIRED = N_(
    "This link is incomplete or no longer valid. Sign in and reply under “Invitations” instead."
)
TAKEN_BACK = N_(
    "The curators have taken this invitation back and told you why by e-mail. "
    "The challenge itself stays open to everybody."
)
RepliedMail = Annotated[MailReply, Depends(get_mail_reply)]
