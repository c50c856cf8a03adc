"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.database import DbSession
from app.core.rendering import page
from app.progress.access import OwnWork
from app.progress.pages import progress_of

router = APIRouter(tags=["progress"])


@router.get("/progress/{work_id}", name="progress:show")
def show(request: Request, session: DbSession, work: OwnWork, *, watch: bool = False) -> Response:
    """Show how far it is; with ``watch`` the page loads itself anew while it runs."""
    shown = progress_of(session, work)
    return page(request, "progress/show.html", shown=shown, watch=watch and shown.is_running)
