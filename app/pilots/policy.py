"""Who reads, signs, measures and ends a pilot, and what it still lacks. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.challenges.models import start_of
from app.challenges.policy import is_curator, is_owner_side
from app.core.i18n import N_
from app.core.journal import By
from app.core.state_machine import Mover
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.pilots.models import Extension, Indicator, Pilot, PilotState, PublicPart, Side
from app.responses.models import Response, ResponseState
from app.responses.policy import is_author

REMINDERS = (timedelta(days=-7), timedelta(days=7))
"""When both sides are reminded of something due, counted from its day."""
EDITABLE_STATES = frozenset({PilotState.DRAFT, PilotState.AGREED})
"""States in which the sheet can be changed."""


def sides_of(actor: Actor, pilot: Pilot) -> tuple[Side, ...]:
    """Return the sides for which they may act, usually one or none."""
    return sides_between(actor, pilot.challenge.owner_id, pilot.response.organisation_id)


def sides_between(actor: Actor, owner_id: int, responder_id: int) -> tuple[Side, ...]:
    """Return the sides of two organisations for which somebody may act."""
    ids = {Side.OWNER: owner_id, Side.RESPONDER: responder_id}
    return tuple(side for side, id_ in ids.items() if actor.acts_for(id_))


def organisation_of(pilot: Pilot, side: Side) -> Organisation:
    """Return the organisation that is one of the two sides."""
    return pilot.challenge.owner if side is Side.OWNER else pilot.response.organisation


@dataclass(frozen=True)
class Seat:
    """Somebody who acts for one side of a pilot."""

    pilot: Pilot
    side: Side
    actor: Actor

    @property
    def by(self) -> By:
        """Who goes into the journal, acting for their side."""
        return self.actor.by(organisation_of(self.pilot, self.side))

    @property
    def mover(self) -> Mover:
        """The role in which they move the pilot."""
        return self.side.mover

    @property
    def other(self) -> Side:
        """The other side."""
        return Side.RESPONDER if self.side is Side.OWNER else Side.OWNER


def is_insider(actor: Actor, pilot: Pilot) -> bool:
    """Whether they read all of it: both sides, partners, and those who look after the challenge."""
    is_side = is_owner_side(actor, pilot.challenge) or is_author(actor, pilot.response)
    return is_side or is_curator(actor, pilot.challenge)


def can_view(actor: Actor, pilot: Pilot) -> bool:
    """Whether they may read it: everybody once it has begun, insiders before."""
    return pilot.is_public or is_insider(actor, pilot)


def shown_parts(actor: Actor, pilot: Pilot) -> frozenset[PublicPart]:
    """Return the parts that this person reads: insiders all, others what neither side hides."""
    hidden = frozenset() if is_insider(actor, pilot) else pilot.hidden_parts
    return frozenset(part for part in PublicPart if part not in hidden)


def can_begin_sheet(actor: Actor, response: Response) -> bool:
    """Whether they may begin the sheet of a pilot: either side, once the selection is accepted."""
    sides = sides_between(actor, response.challenge.owner_id, response.organisation_id)
    return bool(sides) and response.state is ResponseState.ACCEPTED


def can_still_begin(pilot: Pilot) -> bool:
    """Whether a sheet can still become a pilot: the challenge goes on and the answer stands."""
    is_standing = pilot.response.state is ResponseState.ACCEPTED
    return pilot.challenge.ended_at is None and is_standing


def may_replicate(actor: Actor, pilot: Pilot) -> Sequence[Organisation]:
    """Return the organisations for which they may take a completed pilot over."""
    if pilot.state is not PilotState.COMPLETED:
        return ()
    return [
        organisation
        for organisation in actor.acting_organisations
        if organisation.id != pilot.challenge.owner_id and organisation.verified_at is not None
    ]


@dataclass(frozen=True)
class Gap:
    """One thing the sheet lacks before it can be signed; ``field`` is its name in the form."""

    field: str
    words: str


def gaps(pilot: Pilot) -> list[Gap]:
    """Return what keeps the sheet from being signed, in the order of the form."""
    found = [Gap("hypothesis", N_("Write the hypothesis."))] if not pilot.hypothesis else []
    if not pilot.indicators:
        found.append(Gap("rows[0].name", N_("Name at least one indicator.")))
    if not all(map(_is_measurable, pilot.indicators)):
        words = N_("Give every indicator its baseline, its target and how it is measured.")
        found.append(Gap("rows[0].baseline", words))
    if pilot.site_id is None and not pilot.place:
        found.append(Gap("site_id", N_("Say where the pilot takes place.")))
    if pilot.starts_on is None:
        found.append(Gap("starts_on", N_("Say on which day it begins.")))
    if pilot.ends_on is None:
        found.append(Gap("ends_on", N_("Say on which day it ends.")))
    if pilot.payment is None:
        found.append(Gap("payment", N_("Say whether the pilot is paid.")))
    return found


def _is_measurable(indicator: Indicator) -> bool:
    return bool(indicator.baseline and indicator.target and indicator.method)


def without_result(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Return the indicators that lack a result."""
    return [indicator for indicator in indicators if not indicator.result.strip()]


def sheet_of(pilot: Pilot) -> dict[str, Any]:
    """Return all that the sheet says, as it is signed."""
    names = ("title", "lang", "hypothesis", "site_id", "place", "report_months", "payment_eur")
    columns = ("name", "unit", "baseline", "target", "method")
    return {
        **{name: getattr(pilot, name) for name in (*names, "agreement")},
        "starts_on": pilot.starts_on.isoformat() if pilot.starts_on else None,
        "ends_on": pilot.ends_on.isoformat() if pilot.ends_on else None,
        "payment": pilot.payment.value if pilot.payment else None,
        "indicators": [
            {column: getattr(row, column) for column in columns} for row in pilot.indicators
        ],
    }


def open_extension(pilot: Pilot) -> Extension | None:
    """Return the longer term that waits for the other side's signature, if there is one."""
    return next((each for each in pilot.extensions if each.settled_at is None), None)


def report_days(starts_on: date, ends_on: date, months: int) -> list[date]:
    """Return the days on which interim reports are due: every so many months, before the end."""
    if not months:
        return []
    days, step = [], months
    while (day := _months_after(starts_on, step)) < ends_on:
        days.append(day)
        step += months
    return days


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def next_reminder(due_on: date, now: datetime, *, after: int = -1) -> tuple[int, datetime] | None:
    """Return number and moment of the next reminder that is not past already, or None.

    :param after: the reminder sent last
    """
    for step in range(after + 1, len(REMINDERS)):
        moment = start_of(due_on + REMINDERS[step])
        if moment > now:
            return step, moment
    return None


def next_due(pilot: Pilot) -> date | None:
    """Return the next day on which something is due in a pilot that has begun."""
    waiting = [report.due_on for report in pilot.reports if report.handed_in_at is None]
    return min([*waiting, *([pilot.ends_on] if pilot.ends_on else [])], default=None)
