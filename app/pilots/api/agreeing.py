"""The sheet: begun, changed, signed."""

from fastapi import Response

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.i18n import gettext
from app.core.json_api import ApiRouter, Done, SeenVersion, tag
from app.core.outbox import RequestOutbox
from app.core.problems import Invalid
from app.organisations.access import SignedInActor
from app.pilots.access import AnySeat, ResponseToPilot
from app.pilots.actions import agreeing
from app.pilots.api.reading import done
from app.pilots.models import Pilot
from app.pilots.schemas.bodies import SheetWritten
from app.pilots.schemas.shown import PilotSheet

router = ApiRouter("pilots")
WRITE = Scope.PILOTS_WRITE
SHEET = "/pilots/{pilot_id}/sheet"


@router.act(
    "/responses/{response_id}/pilot", "begin", scope=WRITE, twin="pilots:begin", status_code=201
)
def begin_pilot(
    answer: Response, response: ResponseToPilot, actor: SignedInActor, session: DbSession, now: Now
) -> PilotSheet:
    """Begin the sheet of a pilot with an accepted selection; either side does."""
    pilot = agreeing.begin_sheet(session, response, by=actor, at=now)
    session.flush()
    return _shown(answer, pilot)


@router.read(SHEET, "sheet", scope=Scope.PILOTS_READ, twin="pilots:sheet")
def show_sheet(answer: Response, seat: AnySeat) -> PilotSheet:
    """Show the sheet that both sides agree on, until the pilot begins."""
    if seat.pilot.begun_at is not None or seat.pilot.ended_at is not None:
        raise agreeing.SheetFixed
    return _shown(answer, seat.pilot)


@router.act(SHEET, "change_sheet", scope=WRITE, twin="pilots:change_sheet", method="PUT")
def change_sheet(
    answer: Response,
    seat: AnySeat,
    seen: SeenVersion,
    typed: SheetWritten,
    session: DbSession,
    outbox: RequestOutbox,
) -> PilotSheet:
    """Write the sheet anew; whoever signed it before is asked again."""
    agreeing.change_sheet(session, seat, typed.sheet(), seen_version=seen, outbox=outbox)
    session.flush()
    return _shown(answer, seat.pilot)


@router.act("/pilots/{pilot_id}/signature", "sign", scope=WRITE, twin="pilots:sign")
def sign_sheet(seat: AnySeat, seen: SeenVersion, session: DbSession, outbox: RequestOutbox) -> Done:
    """Sign the sheet for your side, in the version you have read.

    With the second signature it is agreed, and the pilot begins on its first day.
    """
    try:
        agreeing.sign(session, seat, seen_version=seen, outbox=outbox)
    except agreeing.SheetIncomplete as refusal:
        raise Invalid({gap.field: gettext(gap.words) for gap in refusal.gaps}) from refusal
    session.flush()
    return done(seat.pilot)


def _shown(answer: Response, pilot: Pilot) -> PilotSheet:
    tag(answer, pilot.sheet_version)
    return PilotSheet.of(pilot)
