"""What the timer does with pilots: begin them on their day, remind of what is due."""

from collections.abc import Mapping
from functools import partial

from app.challenges.models import SHEETS_OVER, start_of
from app.core.jobs import Handler, Work
from app.core.journal import TIMER
from app.core.links import Links
from app.core.outbox import Outbox
from app.pilots import queries
from app.pilots.actions.agreeing import begin, plan_start
from app.pilots.actions.ending import end_idle_sheets
from app.pilots.actions.reminding import remind_of_report, remind_of_results
from app.pilots.models import REPORT_DUE, RESULTS_DUE, STARTING, PilotState
from app.pilots.policy import can_still_begin


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {
        STARTING: partial(begin_when_due, links),
        SHEETS_OVER: partial(end_sheets, links),
        REPORT_DUE: partial(ask_for_report, links),
        RESULTS_DUE: partial(ask_for_results, links),
    }


def begin_when_due(links: Links, work: Work) -> None:
    """Begin an agreed pilot; one whose first day moved is put back."""
    with work.finishing() as session:
        pilot = queries.pilot_by_id(session, work.payload["pilot_id"])
        if pilot is None or pilot.state is not PilotState.AGREED or pilot.starts_on is None:
            return
        if start_of(pilot.starts_on) > work.now:
            plan_start(session, pilot, at=work.now)
        elif can_still_begin(pilot):
            begin(session, pilot, by=TIMER, outbox=Outbox(session, links, work.now))


def end_sheets(links: Links, work: Work) -> None:
    """End the sheets of a challenge that can begin no more."""
    with work.finishing() as session:
        outbox = Outbox(session, links, work.now)
        end_idle_sheets(session, work.payload["challenge_id"], outbox=outbox)


def ask_for_report(links: Links, work: Work) -> None:
    """Remind of an interim report."""
    with work.finishing() as session:
        report = queries.report_by_id(session, work.payload["report_id"])
        pilot = queries.pilot_by_id(session, report.pilot_id) if report else None
        if report and pilot:
            outbox = Outbox(session, links, work.now)
            remind_of_report(session, pilot, report, work.payload["step"], outbox=outbox)


def ask_for_results(links: Links, work: Work) -> None:
    """Remind of the results at the end."""
    with work.finishing() as session:
        pilot = queries.pilot_by_id(session, work.payload["pilot_id"])
        if pilot is not None:
            outbox = Outbox(session, links, work.now)
            remind_of_results(session, pilot, work.payload["step"], outbox=outbox)
