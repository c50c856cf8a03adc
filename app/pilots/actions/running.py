"""While a pilot runs: results noted, interim reports handed in, the final report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.outbox import Outbox
from app.organisations.policy import Actor
from app.pilots import emails, policy
from app.pilots.actions.telling import tell_side
from app.pilots.models import (
    MACHINE,
    Indicator,
    InterimReport,
    Pilot,
    PilotState,
    PublicPart,
    Side,
)
from app.pilots.policy import Seat


class ResultsMissing(DomainError):
    """No pilot ends without a result for every indicator; ``indicators`` lack one."""

    status_code = 422

    def __init__(self, indicators: Sequence[Indicator]) -> None:
        names = ", ".join(indicator.name for indicator in indicators)
        super().__init__(
            N_("Give every indicator its result, also where nothing changed. Missing: %(names)s."),
            names=names,
        )
        self.indicators = indicators


@dataclass(frozen=True)
class Measured:
    """The result of one indicator."""

    result: str
    note: str


def measure(
    session: Session, seat: Seat, results: Mapping[int, Measured], *, outbox: Outbox
) -> None:
    """Note results as they come; either side does.

    :param results: by indicator id; other indicators stay as they are
    :raises ActRefused: unless the pilot is running
    """
    pilot, at = seat.pilot, outbox.now
    known = [row for row in pilot.indicators if row.id in results]
    details = {row.name: results[row.id].result for row in known}
    mover, by = seat.mover, seat.by
    MACHINE.act(session, pilot, "measured", mover=mover, by=by, at=at, details=details)
    for row in known:
        row.result, row.note = results[row.id].result, results[row.id].note
    pilot.updated_at = at


def hand_in_report(
    session: Session,
    pilot: Pilot,
    report: InterimReport,
    text: str,
    *,
    by: Actor,
    outbox: Outbox,
) -> None:
    """Hand in an interim report, or a better text of one handed in.

    :raises ActRefused: unless the pilot is running
    """
    who, at = by.by(policy.organisation_of(pilot, Side.RESPONDER)), outbox.now
    mover, details = Side.RESPONDER.mover, {"number": report.number}
    MACHINE.act(session, pilot, "interim_reported", mover=mover, by=who, at=at, details=details)
    report.text, report.handed_in_at, report.handed_in_by_name = text, at, who.name
    tell_side(session, pilot, Side.OWNER, outbox, emails.interim_report)


def report(session: Session, pilot: Pilot, *, by: Actor, outbox: Outbox) -> None:
    """Report the results to the owner, who decides on them.

    :raises ResultsMissing: unless every indicator has its result
    :raises MoveRefused: unless the pilot is running
    """
    if pilot.state is PilotState.RUNNING:
        require_results(pilot)
    who, at = by.by(policy.organisation_of(pilot, Side.RESPONDER)), outbox.now
    mover = Side.RESPONDER.mover
    MACHINE.move(session, pilot, to=PilotState.REPORTED, mover=mover, by=who, at=at)
    pilot.reported_at = at
    tell_side(session, pilot, Side.OWNER, outbox, emails.reported)


def send_back(session: Session, pilot: Pilot, reason: str, *, by: Actor, outbox: Outbox) -> None:
    """Give reported results back, for instance because something is to be measured again.

    :raises ReasonMissing: without a reason
    :raises MoveRefused: unless results are reported
    """
    who, at = by.by(policy.organisation_of(pilot, Side.OWNER)), outbox.now
    to, mover = PilotState.RUNNING, Side.OWNER.mover
    MACHINE.move(session, pilot, to=to, mover=mover, by=who, at=at, reason=reason)
    pilot.reported_at = None
    tell_side(session, pilot, Side.RESPONDER, outbox, emails.sent_back_for(reason))


def require_results(pilot: Pilot) -> None:
    """Make sure that every indicator has its result.

    :raises ResultsMissing: naming those that have none
    """
    if missing := policy.without_result(pilot.indicators):
        raise ResultsMissing(missing)


def hide(session: Session, seat: Seat, parts: Sequence[PublicPart], *, outbox: Outbox) -> None:
    """Say which parts one side keeps from the public; the other side's wish stands beside it."""
    pilot, hidden = seat.pilot, [part.value for part in parts]
    details, name = {"side": seat.side.value, "hidden": hidden}, "publicity_changed"
    mover, by = seat.mover, seat.by
    MACHINE.act(session, pilot, name, mover=mover, by=by, at=outbox.now, details=details)
    if seat.side is Side.OWNER:
        pilot.hidden_by_owner = hidden
    else:
        pilot.hidden_by_responder = hidden
