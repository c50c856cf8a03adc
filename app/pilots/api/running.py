"""Results as they come, interim reports, the report at the end."""

from app.accounts.models import Scope
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Done, Listing, whole
from app.core.outbox import RequestOutbox
from app.organisations.access import SignedInActor
from app.pilots.access import AnySeat, RespondersPilot, WrittenReport
from app.pilots.actions import running
from app.pilots.api.reading import done
from app.pilots.schemas.bodies import ReportWritten, Results
from app.pilots.schemas.shown import IndicatorShown, InterimReportShown

router = ApiRouter("pilots")
READ, WRITE = Scope.PILOTS_READ, Scope.PILOTS_WRITE
RESULTS, REPORT = "/pilots/{pilot_id}/results", "/pilots/{pilot_id}/reports/{report_id}"


@router.read(RESULTS, "results", scope=READ, twin="pilots:results")
def list_results(seat: AnySeat) -> Listing[IndicatorShown]:
    """List the indicators with their results so far."""
    return whole(seat.pilot.indicators, IndicatorShown.of)


@router.act(RESULTS, "measure", scope=WRITE, twin="pilots:measure", method="PUT")
def note_results(
    seat: AnySeat, typed: Results, session: DbSession, outbox: RequestOutbox
) -> Listing[IndicatorShown]:
    """Note results as they come; either side does."""
    running.measure(session, seat, typed.results(), outbox=outbox)
    session.flush()
    return whole(seat.pilot.indicators, IndicatorShown.of)


@router.read(REPORT, "interim_report", scope=READ, twin="pilots:interim_report")
def show_interim_report(own: WrittenReport) -> InterimReportShown:
    """Show an interim report that your organisation writes."""
    return InterimReportShown.of(own.report)


@router.act(REPORT, "hand_in_report", scope=WRITE, twin="pilots:hand_in_report", method="PUT")
def hand_in_report(
    own: WrittenReport,
    typed: ReportWritten,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> InterimReportShown:
    """Hand in an interim report, or a better text of one handed in."""
    running.hand_in_report(session, own.pilot, own.report, typed.text, by=actor, outbox=outbox)
    return InterimReportShown.of(own.report)


@router.act("/pilots/{pilot_id}/report", "report", scope=WRITE, twin="pilots:report")
def report_results(
    pilot: RespondersPilot, actor: SignedInActor, session: DbSession, outbox: RequestOutbox
) -> Done:
    """Report the results to the owner, who decides on them; every indicator owes its result."""
    running.report(session, pilot, by=actor, outbox=outbox)
    session.flush()
    return done(pilot)
