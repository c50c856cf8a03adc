"""What ties a person to organisations, as they note it themselves."""

from app.accounts.access import CurrentUser
from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.i18n import TIME_ZONE, gettext
from app.core.json_api import ApiRouter, Listing, whole
from app.core.problems import Invalid
from app.evaluations import queries
from app.evaluations.access import OwnTie
from app.evaluations.actions import ties
from app.evaluations.models import Conflict
from app.evaluations.schemas import TieShown, TieWritten
from app.organisations.access import SignedInActor

router = ApiRouter("evaluations")
READ, WRITE = Scope.ACCOUNT_READ, Scope.ACCOUNT_WRITE


@router.read("/me/ties", "ties", scope=READ, twin="evaluations:ties")
def list_ties(user: CurrentUser, session: DbSession) -> Listing[TieShown]:
    """List what ties you to organisations that you do not belong to."""
    return _ties(session, user.id)


@router.act("/me/ties", "note_tie", scope=WRITE, twin="evaluations:note_tie", status_code=201)
def note_tie(
    user: CurrentUser, typed: TieWritten, actor: SignedInActor, session: DbSession, now: Now
) -> Listing[TieShown]:
    """Note what ties you to an organisation; it counts when conflicts are looked for."""
    organisation = queries.organisation_named(session, typed.organisation)
    if organisation is None:
        words = gettext("There is no organisation of this name. Check its spelling.")
        raise Invalid({"organisation": words})
    kind = Conflict(typed.kind)
    ties.note(session, organisation, kind, ended_on=typed.ended_on, by=actor, at=now)
    session.flush()
    return _ties(session, user.id)


@router.act("/me/ties/{tie_id}/end", "end_tie", scope=WRITE, twin="evaluations:end_tie")
def end_tie(
    tie: OwnTie, user: CurrentUser, actor: SignedInActor, session: DbSession, now: Now
) -> Listing[TieShown]:
    """Note that a tie ended today."""
    ties.end(session, tie, today=now.astimezone(TIME_ZONE).date(), by=actor, at=now)
    session.flush()
    return _ties(session, user.id)


def _ties(session: DbSession, user_id: int) -> Listing[TieShown]:
    return whole(queries.ties_of(session, user_id), TieShown.of)
