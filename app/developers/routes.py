"""HTTP in, HTTP out."""

import json

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.clock import Now
from app.core.json_api import API
from app.core.rendering import page
from app.developers.pages import reference, styleguide
from app.organisations.access import AnyActor

router = APIRouter(tags=["developers"])


@router.get("/api", name="developers:reference")
def show_reference(request: Request, _actor: AnyActor) -> Response:
    shown = reference(request.app.state.describe_api())
    return page(request, "developers/reference.html", shown=shown, api=API)


@router.get(f"{API}/openapi.json", name="developers:openapi")
def show_openapi(request: Request, _actor: AnyActor) -> Response:
    document = json.dumps(request.app.state.describe_api(), ensure_ascii=False)
    return Response(document, media_type="application/json")


@router.get("/styleguide", name="developers:styleguide")
def show_styleguide(request: Request, _actor: AnyActor, now: Now) -> Response:
    """Show every component in each of its states."""
    return page(request, "developers/styleguide.html", shown=styleguide(now))
