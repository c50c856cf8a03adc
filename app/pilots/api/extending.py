"""A longer term: proposed by one side, signed or declined by the other."""

from app.accounts.models import Scope
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Done
from app.core.outbox import RequestOutbox
from app.pilots.access import AnySeat
from app.pilots.actions import extending
from app.pilots.api.reading import done
from app.pilots.schemas.bodies import ExtensionProposed, ExtensionReplied

router = ApiRouter("pilots")
WRITE = Scope.PILOTS_WRITE
EXTENSION = "/pilots/{pilot_id}/extension"


@router.act(EXTENSION, "propose_extension", scope=WRITE, twin="pilots:propose_extension")
def propose_extension(
    seat: AnySeat, typed: ExtensionProposed, session: DbSession, outbox: RequestOutbox
) -> Done:
    """Propose a later last day of a pilot that runs, and sign it for your side."""
    day, reason = typed.ends_on, typed.reason
    extending.propose_extension(session, seat, day, reason=reason, outbox=outbox)
    session.flush()
    return done(seat.pilot)


@router.act(
    f"{EXTENSION}/reply", "reply_to_extension", scope=WRITE, twin="pilots:reply_to_extension"
)
def reply_to_extension(
    seat: AnySeat, typed: ExtensionReplied, session: DbSession, outbox: RequestOutbox
) -> Done:
    """Sign the other side's proposal, or decline it, or take back your own."""
    if typed.reply == "sign":
        extending.sign_extension(session, seat, typed.extension_id, outbox=outbox)
    else:
        extending.decline_extension(
            session, seat, typed.extension_id, reason=typed.reason, outbox=outbox
        )
    session.flush()
    return done(seat.pilot)
