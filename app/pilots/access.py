"""The only way a route gets a pilot, and for which side somebody acts in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path

from app.core.database import DbSession
from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.organisations.access import AnyActor, SignedInActor
from app.organisations.models import Organisation
from app.pilots import policy, queries
from app.pilots.models import InterimReport, Pilot, PilotState, Side
from app.pilots.policy import Seat
from app.responses.access import ViewableResponse
from app.responses.models import Response

PilotId = Annotated[int, Path(ge=1, lt=2**31)]
ReportId = Annotated[int, Path(ge=1, lt=2**31)]


def get_viewable_pilot(pilot_id: PilotId, actor: AnyActor, session: DbSession) -> Pilot:
    """Return a pilot with all that belongs to it.

    :raises NotFound: if it is absent, or has not begun and is not for this person
    """
    pilot = queries.pilot_by_id(session, pilot_id)
    if pilot is None or not policy.can_view(actor, pilot):
        raise NotFound(N_("There is no pilot at this address."))
    return pilot


ViewablePilot = Annotated[Pilot, Depends(get_viewable_pilot)]


async def get_seat(pilot: ViewablePilot, actor: SignedInActor) -> Seat:
    """Return a pilot in which this person acts for one of the two sides.

    :raises Forbidden: if they act for neither
    """
    sides = policy.sides_of(actor, pilot)
    if not sides:
        raise Forbidden(N_("Only the two sides of the pilot can do this."))
    return Seat(pilot, sides[0], actor)


AnySeat = Annotated[Seat, Depends(get_seat)]


async def get_owners_pilot(pilot: ViewablePilot, actor: SignedInActor) -> Pilot:
    """Return a pilot on a challenge of an organisation for which this person acts.

    :raises Forbidden: if they do not act for its owner
    """
    if Side.OWNER not in policy.sides_of(actor, pilot):
        raise Forbidden(N_("Only managers and editors of the challenge owner can do this."))
    return pilot


OwnersPilot = Annotated[Pilot, Depends(get_owners_pilot)]


async def get_responders_pilot(pilot: ViewablePilot, actor: SignedInActor) -> Pilot:
    """Return a pilot of an organisation for which this person acts.

    :raises Forbidden: if they do not act for the responder
    """
    if Side.RESPONDER not in policy.sides_of(actor, pilot):
        raise Forbidden(N_("Only managers and editors of the answering organisation can do this."))
    return pilot


RespondersPilot = Annotated[Pilot, Depends(get_responders_pilot)]


@dataclass(frozen=True)
class OwnReport:
    """An interim report and its pilot."""

    pilot: Pilot
    report: InterimReport


async def get_own_report(report_id: ReportId, pilot: RespondersPilot) -> OwnReport:
    """Return an interim report that this person writes.

    :raises NotFound: if the pilot has no such report
    """
    report = next((each for each in pilot.reports if each.id == report_id), None)
    if report is None:
        raise NotFound(N_("There is no interim report at this address."))
    return OwnReport(pilot, report)


WrittenReport = Annotated[OwnReport, Depends(get_own_report)]


async def get_response_to_pilot(response: ViewableResponse, actor: SignedInActor) -> Response:
    """Return an answer for whose pilot this person may begin the sheet, in whatever state.

    :raises NotFound: if it is absent or not for this person
    :raises Forbidden: if they act for neither side
    """
    owner_id, responder_id = response.challenge.owner_id, response.organisation_id
    if not policy.sides_between(actor, owner_id, responder_id):
        raise Forbidden(N_("Only the two sides of the pilot can do this."))
    return response


ResponseToPilot = Annotated[Response, Depends(get_response_to_pilot)]


async def get_replicable_pilot(pilot: ViewablePilot, _actor: SignedInActor) -> Pilot:
    """Return a completed pilot, for somebody who is signed in.

    :raises NotFound: while it is not completed
    """
    if pilot.state is not PilotState.COMPLETED:
        raise NotFound(N_("Only completed pilots can be taken over."))
    return pilot


ReplicablePilot = Annotated[Pilot, Depends(get_replicable_pilot)]


async def get_possible_homes(
    pilot: ReplicablePilot, actor: SignedInActor
) -> Sequence[Organisation]:
    """Return the organisations for which this person may take a completed pilot over.

    :raises Forbidden: if there is none
    """
    possible = policy.may_replicate(actor, pilot)
    if not possible:
        raise Forbidden(N_("Only others take a completed pilot over, for a verified organisation."))
    return possible


PossibleHomes = Annotated[Sequence[Organisation], Depends(get_possible_homes)]
