"""The sheet: begun, changed, signed by both sides; then the pilot begins on its first day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.challenges.models import MACHINE as CHALLENGE_MACHINE
from app.challenges.models import ChallengeState, start_of
from app.core import jobs, journal
from app.core.errors import DomainError, Stale, WrongEntry
from app.core.i18n import N_, TIME_ZONE
from app.core.journal import By
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.organisations.policy import Actor
from app.pilots import emails, policy, queries
from app.pilots.actions.reminding import plan_reports, plan_results
from app.pilots.actions.telling import tell_both, tell_side
from app.pilots.models import (
    MACHINE,
    STARTING,
    Indicator,
    Payment,
    Pilot,
    PilotState,
    Side,
    Signature,
)
from app.pilots.policy import Gap, Seat
from app.responses.models import MACHINE as RESPONSE_MACHINE
from app.responses.models import Response, ResponseState
from app.sites.queries import takes_pilots


class NoPilotPossible(DomainError):
    """The answer is not accepted, or has a pilot already."""

    def __init__(self) -> None:
        super().__init__(
            N_("A pilot begins with an accepted selection, and an answer has one at a time.")
        )


class SheetFixed(DomainError):
    """The pilot has begun: what was signed holds."""

    def __init__(self) -> None:
        super().__init__(N_("The pilot has begun, so its sheet can no longer be changed."))


class NotWantedAnyMore(DomainError):
    """The challenge has ended meanwhile, or the answer is out: such a sheet can only be stopped."""

    def __init__(self) -> None:
        super().__init__(
            N_("The challenge has ended or the answer is out, so this pilot cannot begin any more.")
        )


class SheetIncomplete(DomainError):
    """The sheet cannot be signed yet; ``gaps`` says what is missing."""

    status_code = 422

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__(N_("Some parts of the sheet are still missing."))
        self.gaps = gaps


class NoSuchSite(WrongEntry):
    """A site that is not in the registry, or takes no new pilots."""

    field = "site_id"

    def __init__(self) -> None:
        super().__init__(N_("Choose a living lab or test bed that takes pilots."))


class SameHand(DomainError):
    """One person cannot agree with themselves."""

    def __init__(self) -> None:
        super().__init__(
            N_("You have signed for the other side. Somebody else signs for this one.")
        )


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator as the sheet names it."""

    name: str
    unit: str
    baseline: str
    target: str
    method: str


@dataclass(frozen=True)
class Sheet:
    """All that both sides agree on."""

    title: str
    lang: str
    hypothesis: str
    site_id: int | None
    place: str
    starts_on: date | None
    ends_on: date | None
    report_months: int
    payment: Payment | None
    payment_eur: int | None
    agreement: str
    indicators: Sequence[IndicatorLine]


def begin_sheet(session: Session, response: Response, *, by: Actor, at: datetime) -> Pilot:
    """Begin the sheet of a pilot with what the challenge and the answer say already.

    :raises NoPilotPossible: unless the selection is accepted and no pilot is under way
    """
    challenge = response.challenge
    sides = policy.sides_between(by, challenge.owner_id, response.organisation_id)
    is_possible = policy.can_begin_sheet(by, response) and challenge.ended_at is None
    if not is_possible or queries.live_pilot_of(session, response.id):
        raise NoPilotPossible
    pilot = Pilot(
        challenge=challenge,
        response=response,
        lang=challenge.lang,
        title=response.title or challenge.title,
        place=challenge.place,
        payment_eur=response.price_eur,
        created_at=at,
        updated_at=at,
        indicators=[],
        signatures=[],
        reports=[],
        extensions=[],
        judgements=[],
    )
    session.add(pilot)
    who = by.by(policy.organisation_of(pilot, sides[0]))
    journal.record(session, pilot, "pilot.drafted", by=who, at=at)
    return pilot


def change_sheet(
    session: Session, seat: Seat, sheet: Sheet, *, seen_version: int, outbox: Outbox
) -> None:
    """Write the sheet anew; whoever signed it before is asked again.

    :param seen_version: the sheet's version that was shown with the form
    :raises SheetFixed: once the pilot has begun
    :raises Stale: if the sheet was changed meanwhile
    :raises NoSuchSite: if it names a site that takes no pilots
    """
    pilot, at = seat.pilot, outbox.now
    if pilot.state not in policy.EDITABLE_STATES:
        raise SheetFixed
    if pilot.sheet_version != seen_version:
        raise Stale(N_("Somebody else changed the sheet meanwhile. Compare and save again."))
    if sheet.site_id not in {None, pilot.site_id} and not takes_pilots(session, sheet.site_id):
        raise NoSuchSite
    before, signed = policy.sheet_of(pilot), pilot.signed_by
    _write(pilot, sheet)
    if policy.sheet_of(pilot) == before:
        return
    mover, by = seat.mover, seat.by
    if pilot.state is PilotState.AGREED:
        MACHINE.move(session, pilot, to=PilotState.DRAFT, mover=mover, by=by, at=at)
    pilot.sheet_version += 1
    pilot.updated_at = at
    details = {"version": pilot.sheet_version}
    MACHINE.act(session, pilot, "sheet_changed", mover=mover, by=by, at=at, details=details)
    for other in signed:
        tell_side(session, pilot, other, outbox, emails.sheet_changed, besides=by)


def _write(pilot: Pilot, sheet: Sheet) -> None:
    for name, value in vars(sheet).items():
        if name != "indicators":
            setattr(pilot, name, value)
    kept = pilot.indicators[: len(sheet.indicators)]
    for position, line in enumerate(sheet.indicators, start=1):
        if position > len(kept):
            kept.append(Indicator(position=position, result="", note=""))
        for name, value in vars(line).items():
            setattr(kept[position - 1], name, value)
    pilot.indicators = kept


def sign(session: Session, seat: Seat, *, seen_version: int, outbox: Outbox) -> None:
    """Sign the sheet for one side; with the second signature it is agreed.

    :param seen_version: the sheet's version that the person read
    :raises Stale: if the sheet was changed meanwhile
    :raises NotWantedAnyMore: if the challenge has ended or the answer is out
    :raises SheetIncomplete: if something is missing
    :raises SameHand: if the same person signed for the other side
    :raises ActRefused: unless the sheet is to be agreed
    """
    pilot, at = seat.pilot, outbox.now
    if pilot.sheet_version != seen_version:
        raise Stale(N_("The sheet was changed meanwhile. Read it again before you sign."))
    if pilot.state is PilotState.DRAFT and not policy.can_still_begin(pilot):
        raise NotWantedAnyMore
    if pilot.state is PilotState.DRAFT and (missing := policy.gaps(pilot)):
        raise SheetIncomplete(missing)
    mover, by = seat.mover, seat.by
    details = {"side": seat.side.value, "version": seen_version}
    MACHINE.act(session, pilot, "signed", mover=mover, by=by, at=at, details=details)
    if seat.side in pilot.signed_by:
        return
    if any(s.user_id == by.user_id for s in pilot.signatures if s.sheet_version == seen_version):
        raise SameHand
    pilot.signatures.append(_signature(pilot, seat.side, by, at))
    if seat.other in pilot.signed_by:
        _agree(session, seat, outbox)
    else:
        tell_side(session, pilot, seat.other, outbox, emails.to_sign, besides=by)


def _signature(pilot: Pilot, side: Side, who: By, at: datetime) -> Signature:
    return Signature(
        side=side,
        sheet_version=pilot.sheet_version,
        user_id=who.user_id,
        name=who.name,
        signed_at=at,
        sheet=policy.sheet_of(pilot),
    )


def _agree(session: Session, seat: Seat, outbox: Outbox) -> None:
    pilot, at, by = seat.pilot, outbox.now, seat.by
    MACHINE.move(session, pilot, to=PilotState.AGREED, mover=seat.mover, by=by, at=at)
    assert pilot.starts_on is not None  # noqa: S101 -- a sheet without its days is not signed
    if pilot.starts_on <= at.astimezone(TIME_ZONE).date():
        begin(session, pilot, by=by, outbox=outbox)
        return
    for side in Side:
        tell_side(session, pilot, side, outbox, emails.agreed)
    plan_start(session, pilot, at=at)


def plan_start(session: Session, pilot: Pilot, *, at: datetime) -> None:
    """Have an agreed pilot begin at the first moment of its first day."""
    run_at = start_of(pilot.starts_on) if pilot.starts_on else at
    payload, key = {"pilot_id": pilot.id}, f"{STARTING}:{pilot.id}"
    jobs.enqueue(session, STARTING, payload, at=at, run_at=run_at, dedupe_key=key)


def begin(session: Session, pilot: Pilot, *, by: By, outbox: Outbox) -> None:
    """Begin an agreed pilot: it is public now, and its challenge and its answer are in a pilot."""
    at = outbox.now
    MACHINE.move(session, pilot, to=PilotState.RUNNING, mover=Mover.TIMER, by=by, at=at)
    pilot.begun_at = at
    challenge, response = pilot.challenge, pilot.response
    # The first pilot of a challenge takes it along; in rolling mode it stays open.
    if CHALLENGE_MACHINE.allows(challenge.state, ChallengeState.PILOTING, Mover.TIMER):
        to = ChallengeState.PILOTING
        CHALLENGE_MACHINE.move(session, challenge, to=to, mover=Mover.TIMER, by=by, at=at)
    to_pilot = ResponseState.PILOTING
    RESPONSE_MACHINE.move(session, response, to=to_pilot, mover=Mover.TIMER, by=by, at=at)
    plan_reports(session, pilot, at=at)
    plan_results(session, pilot, at=at)
    tell_both(session, pilot, outbox, emails.begun)
