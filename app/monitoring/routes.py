"""HTTP in, HTTP out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.core.clock import Now
from app.core.database import DbSession
from app.core.feeds import file
from app.core.flash import flash
from app.core.i18n import gettext
from app.core.pagination import PageNumber
from app.core.rendering import page
from app.monitoring import actions
from app.monitoring.access import MonitoredScope, WholeRegion
from app.monitoring.forms import Asked
from app.monitoring.pages.frame import Frame, frame_of
from app.monitoring.pages.further import exposure_page, needs_page
from app.monitoring.pages.lists import challenges_page, matches_page, requirements_page
from app.monitoring.pages.overview import heat_map, overview
from app.monitoring.pages.tables import Table, as_csv

router = APIRouter(tags=["monitoring"])


def get_frame(scope: MonitoredScope, wanted: Asked, session: DbSession, now: Now) -> Frame:
    """Return whose figures are asked for, and which."""
    return frame_of(session, scope, wanted, now)


Framed = Annotated[Frame, Depends(get_frame)]


@router.get("/monitoring", name="monitoring:overview")
def show_overview(request: Request, frame: Framed) -> Response:
    """Show key figures, the heat map, the funnel, bridges, and who needs a hand."""
    shown = overview(frame)
    heat = heat_map(frame, shown) if shown.period.count else ""
    return page(request, "monitoring/overview.html", shown=shown, heat_map=heat, frame=frame)


@router.get("/monitoring/exposure", name="monitoring:exposure")
def show_exposure(request: Request, frame: Framed) -> Response:
    """Show what clusters have of the first places against what they bring."""
    return page(request, "monitoring/exposure.html", shown=exposure_page(frame), frame=frame)


@router.get("/monitoring/needs", name="monitoring:needs")
def show_needs(request: Request, frame: Framed) -> Response:
    """Show where needs find no good answer."""
    return page(request, "monitoring/needs.html", shown=needs_page(frame), frame=frame)


@router.get("/monitoring/challenges", name="monitoring:challenges")
def list_challenges(request: Request, frame: Framed, number: PageNumber = 1) -> Response:
    """Show the challenges behind a figure."""
    return page(
        request, "monitoring/challenges.html", shown=challenges_page(frame, number), frame=frame
    )


@router.get("/monitoring/matches", name="monitoring:matches")
def list_matches(request: Request, frame: Framed, number: PageNumber = 1) -> Response:
    """Show the matches behind a figure."""
    return page(request, "monitoring/matches.html", shown=matches_page(frame, number), frame=frame)


@router.get("/monitoring/requirements", name="monitoring:requirements")
def list_requirements(request: Request, frame: Framed, number: PageNumber = 1) -> Response:
    """Show the requirements behind a figure."""
    return page(
        request, "monitoring/requirements.html", shown=requirements_page(frame, number), frame=frame
    )


@router.post("/monitoring/recount", name="monitoring:recount")
def recount(request: Request, _scope: WholeRegion, session: DbSession, now: Now) -> Response:
    """Have everything counted anew; the pages show the last count until that is done."""
    actions.ask(session, at=now)
    flash(request, gettext("Everything is being counted. Load the page again in a moment."))
    return RedirectResponse("/monitoring", status_code=303)


@router.get("/monitoring/{table}.csv", name="monitoring:table")
def download(request: Request, table: Table, frame: Framed) -> Response:
    """Give the table behind a figure to a spreadsheet."""
    answer = file(request, as_csv(frame, table), "text/csv", is_public=False)
    answer.headers["Content-Disposition"] = f'attachment; filename="{table.value}.csv"'
    return answer
