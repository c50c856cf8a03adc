"""A longer term for a pilot that runs: one side proposes and signs it, the other signs too."""

from datetime import date

from sqlalchemy.orm import Session

from app.core.errors import DomainError, Stale
from app.core.i18n import N_, format_date
from app.core.outbox import Outbox
from app.pilots import emails
from app.pilots.actions.agreeing import SameHand
from app.pilots.actions.reminding import plan_more_reports, plan_results
from app.pilots.actions.telling import tell_both, tell_side
from app.pilots.models import MACHINE, Extension
from app.pilots.policy import Seat, open_extension


class NotLater(DomainError):
    """A new last day before the one that is agreed; ``field`` is its name in the form."""

    status_code = 422
    field = "ends_on"


class ExtensionWaits(DomainError):
    """One proposal at a time."""

    def __init__(self) -> None:
        super().__init__(N_("A new last day is proposed already and waits for the other side."))


class OwnProposal(DomainError):
    """A side does not sign twice."""

    def __init__(self) -> None:
        super().__init__(N_("Your side has signed this. The other side signs now, or declines."))


def propose_extension(
    session: Session, seat: Seat, ends_on: date, *, reason: str, outbox: Outbox
) -> None:
    """Propose a later last day and sign it for one side; the other side is asked.

    :raises ActRefused: unless the pilot runs
    :raises ReasonMissing: without a reason
    :raises NotLater: unless the day is after the one that is agreed
    :raises ExtensionWaits: if one is proposed already
    """
    pilot, at, by = seat.pilot, outbox.now, seat.by
    before = pilot.ends_on
    details = {"from": before.isoformat() if before else "", "to": ends_on.isoformat()}
    MACHINE.act(
        session, pilot, "extension_proposed", mover=seat.mover, by=by, at=at, reason=reason,
        details=details,
    )  # fmt: skip
    if before is None or ends_on <= before:
        day = format_date(before) if before else ""
        raise NotLater(N_("“New last day”: choose a day after %(day)s."), day=day)
    if open_extension(pilot):
        raise ExtensionWaits
    pilot.extensions.append(
        Extension(
            ends_on=ends_on, was_on=before, reason=reason, side=seat.side, proposed_at=at,
            user_id=by.user_id, proposed_by_name=by.name, signed_by_name="", is_agreed=False,
        )
    )  # fmt: skip
    tell_side(session, pilot, seat.other, outbox, emails.extension_wanted, besides=by)


def sign_extension(session: Session, seat: Seat, extension_id: int, *, outbox: Outbox) -> None:
    """Sign the proposal of the other side: the last day moves, and what is due with it.

    :param extension_id: the proposal that the person has read
    :raises Stale: if it does not wait any more
    :raises OwnProposal: if it is of their own side
    :raises SameHand: if the same person signed for the other side
    :raises ActRefused: unless the pilot runs
    """
    extension = _waiting(seat, extension_id)
    pilot, at, by = seat.pilot, outbox.now, seat.by
    if extension.side is seat.side:
        raise OwnProposal
    if by.user_id is not None and by.user_id == extension.user_id:
        raise SameHand
    days = {"from": extension.was_on.isoformat(), "to": extension.ends_on.isoformat()}
    MACHINE.act(
        session, pilot, "extended", mover=seat.mover, by=by, at=at, reason=extension.reason,
        details=days,
    )  # fmt: skip
    extension.settled_at, extension.signed_by_name, extension.is_agreed = at, by.name, True
    pilot.ends_on = extension.ends_on
    plan_more_reports(session, pilot, at=at)
    plan_results(session, pilot, at=at)
    tell_both(session, pilot, outbox, emails.extended)


def decline_extension(
    session: Session, seat: Seat, extension_id: int, *, reason: str, outbox: Outbox
) -> None:
    """Decline a proposal, or take back one's own; the last day stays.

    :raises Stale: if it does not wait any more
    :raises ReasonMissing: without a reason
    :raises ActRefused: unless the pilot runs
    """
    extension = _waiting(seat, extension_id)
    pilot, at, by = seat.pilot, outbox.now, seat.by
    name, mover = "extension_declined", seat.mover
    MACHINE.act(session, pilot, name, mover=mover, by=by, at=at, reason=reason)
    extension.settled_at = at
    message = emails.extension_declined_for(reason)
    tell_side(session, pilot, seat.other, outbox, message, besides=by)


def _waiting(seat: Seat, extension_id: int) -> Extension:
    extension = open_extension(seat.pilot)
    if extension is None or extension.id != extension_id:
        raise Stale(N_("This proposal does not wait for a signature any more."))
    return extension
