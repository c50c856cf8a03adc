"""HTTP in, HTTP out."""

import json

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.i18n import current_locale
from app.core.json_api import API
from app.core.rendering import page
from app.developers.pages import part_of_reference, problems, styleguide
from app.organisations.access import AnyActor

router = APIRouter(tags=["developers"])


@router.get("/api", name="developers:reference")
def show_reference(request: Request, _actor: AnyActor) -> Response:
    operations = part_of_reference(request.app.state.describe_api, "operations", current_locale())
    return page(
        request,
        "developers/reference.html",
        operations=operations,
        problems=problems(),
        scopes=tuple(Scope),
        api=API,
    )


@router.get("/api/shapes", name="developers:shapes")
def show_shapes(request: Request, _actor: AnyActor) -> Response:
    """Show what bodies and answers are made of."""
    shapes = part_of_reference(request.app.state.describe_api, "shapes", current_locale())
    return page(request, "developers/shapes.html", shapes=shapes)


@router.get(f"{API}/openapi.json", name="developers:openapi")
def show_openapi(request: Request, _actor: AnyActor) -> Response:
    document = json.dumps(request.app.state.describe_api(), ensure_ascii=False)
    return Response(document, media_type="application/json")


@router.get("/styleguide", name="developers:styleguide")
def show_styleguide(request: Request, _actor: AnyActor, now: Now) -> Response:
    """Show every component in each of its states."""
    return page(request, "developers/styleguide.html", shown=styleguide(now))
