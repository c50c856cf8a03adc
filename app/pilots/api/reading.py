"""The public list, one pilot, and what each side keeps from the public."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.accounts.models import Scope
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Done, Listing, listing, whole
from app.core.outbox import RequestOutbox
from app.core.pagination import PageNumber, paginate
from app.organisations.access import AnyActor
from app.pilots import pages, queries
from app.pilots.access import AnySeat, ViewablePilot
from app.pilots.actions.running import hide
from app.pilots.models import Pilot, PilotState, PublicPart, Verdict
from app.pilots.queries import PilotFilter
from app.pilots.schemas.bodies import Publicity
from app.pilots.schemas.shown import PilotListed, PilotShown
from app.sites.access import ViewableSite

router = ApiRouter("pilots")
READ = Scope.PILOTS_READ


@router.read("/pilots", "list", scope=READ, twin="pilots:list")
def list_pilots(  # noqa: PLR0913, PLR0917 -- one for each filter
    request: Request,
    answer: Response,
    _actor: AnyActor,
    session: DbSession,
    field: Annotated[str, Query(max_length=80, description="Id of the taxonomy.")] = "",
    cluster: Annotated[str, Query(max_length=200, description="Slug of a cluster.")] = "",
    verdict: Verdict | None = None,
    state: PilotState | None = None,
    number: PageNumber = 1,
) -> Listing[PilotListed]:
    """List pilots that have begun or ended, with their lessons.

    What ended or began last comes first.
    """
    wanted = PilotFilter(field, cluster, verdict or "", state or "")
    page = paginate(session, queries.public_pilots(wanted), number=number)
    return listing(request, answer, page, PilotListed.of)


@router.read("/sites/{site_id}/pilots", "at_site", scope=READ, twin="sites:show")
def list_pilots_at_site(site: ViewableSite, session: DbSession) -> Listing[PilotListed]:
    """List the pilots at a living lab or test bed, unless they hide where they are."""
    found = queries.public_pilots_at(session, site.id)
    pilots = [pilot for pilot in found if PublicPart.SITE not in pilot.hidden_parts]
    return whole(pilots, PilotListed.of)


@router.read("/pilots/{pilot_id}", "show", scope=READ, twin="pilots:show")
def show_pilot(pilot: ViewablePilot, actor: AnyActor, session: DbSession) -> PilotShown:
    """Show a pilot.

    Everybody from its first day on, but for what its sides keep to those concerned.
    """
    return PilotShown.on(pilot, pages.pilot_page(session, pilot, actor))


@router.act(
    "/pilots/{pilot_id}/publicity", "hide", scope=Scope.PILOTS_WRITE, twin="pilots:hide",
    method="PUT",
)  # fmt: skip
def change_publicity(
    seat: AnySeat, typed: Publicity, session: DbSession, outbox: RequestOutbox
) -> Done:
    """Say what your side keeps from the public; the other side's wish stands beside it."""
    hide(session, seat, typed.hidden, outbox=outbox)
    session.flush()
    return done(seat.pilot)


def done(pilot: Pilot) -> Done:
    """Return where a pilot stands."""
    return Done(id=pilot.id, state=pilot.state)
