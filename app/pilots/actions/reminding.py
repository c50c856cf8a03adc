"""What is due in a pilot that has begun, and the reminders of it: none once it is done or over."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import start_of
from app.core import jobs
from app.core.outbox import Outbox
from app.pilots import emails, policy
from app.pilots.actions.telling import tell_side
from app.pilots.models import (
    REPORT_DUE,
    RESULTS_DUE,
    InterimReport,
    Pilot,
    PilotState,
    Side,
)


def plan_reports(session: Session, pilot: Pilot, *, at: datetime) -> None:
    """Enter the interim reports that both sides agreed on, each with its reminders."""
    if pilot.starts_on is None or pilot.ends_on is None:
        return
    days = policy.report_days(pilot.starts_on, pilot.ends_on, pilot.report_months)
    pilot.reports = [
        InterimReport(number=number, due_on=day) for number, day in enumerate(days, start=1)
    ]
    session.flush()  # the rows get their ids, which the jobs name
    for report in pilot.reports:
        plan_report(session, report, at=at)


def plan_more_reports(session: Session, pilot: Pilot, *, at: datetime) -> None:
    """Enter the interim reports that a longer term adds; those there are stay as they are."""
    if pilot.starts_on is None or pilot.ends_on is None:
        return
    days = policy.report_days(pilot.starts_on, pilot.ends_on, pilot.report_months)
    known = len(pilot.reports)
    more = [
        InterimReport(number=number, due_on=day)
        for number, day in enumerate(days[known:], start=known + 1)
    ]
    pilot.reports += more
    session.flush()  # the rows get their ids, which the jobs name
    for report in more:
        plan_report(session, report, at=at)


def plan_report(session: Session, report: InterimReport, *, at: datetime, after: int = -1) -> None:
    """Have the responder reminded of an interim report."""
    if found := policy.next_reminder(report.due_on, at, after=after):
        step, run_at = found
        payload, key = {"report_id": report.id, "step": step}, f"{REPORT_DUE}:{report.id}"
        jobs.enqueue(session, REPORT_DUE, payload, at=at, run_at=run_at, dedupe_key=key)


def plan_results(session: Session, pilot: Pilot, *, at: datetime, after: int = -1) -> None:
    """Have both sides reminded of the results at the end."""
    if pilot.ends_on and (found := policy.next_reminder(pilot.ends_on, at, after=after)):
        step, run_at = found
        payload, key = {"pilot_id": pilot.id, "step": step}, f"{RESULTS_DUE}:{pilot.id}"
        jobs.enqueue(session, RESULTS_DUE, payload, at=at, run_at=run_at, dedupe_key=key)


def remind_of_report(
    session: Session, pilot: Pilot, report: InterimReport, step: int, *, outbox: Outbox
) -> None:
    """Remind the responder of an interim report that is not handed in."""
    if pilot.state is not PilotState.RUNNING or report.handed_in_at is not None:
        return
    message = emails.report_wanted_on(report)
    tell_side(session, pilot, Side.RESPONDER, outbox, message)
    plan_report(session, report, at=outbox.now, after=step)


def remind_of_results(session: Session, pilot: Pilot, step: int, *, outbox: Outbox) -> None:
    """Remind both sides of the results of a pilot that runs."""
    if pilot.state is not PilotState.RUNNING or pilot.ends_on is None:
        return
    if start_of(pilot.ends_on + policy.REMINDERS[step]) > outbox.now:  # it was extended
        plan_results(session, pilot, at=outbox.now)
    else:
        for side in Side:
            tell_side(session, pilot, side, outbox, emails.results_wanted)
        plan_results(session, pilot, at=outbox.now, after=step)
