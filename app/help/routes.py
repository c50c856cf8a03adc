"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.rendering import page
from app.help import pages
from app.organisations.access import AnyActor

router = APIRouter(tags=["help"])


@router.get("/glossary", name="help:glossary")
def show_glossary(request: Request, _actor: AnyActor) -> Response:
    return page(request, "help/glossary.html", entries=pages.glossary())


@router.get("/help", name="help:overview")
def show_overview(request: Request, _actor: AnyActor) -> Response:
    return page(request, "help/overview.html", contact=request.app.state.settings.contact)
