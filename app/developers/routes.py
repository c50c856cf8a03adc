"""HTTP in, HTTP out."""

import json

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.json_api import API
from app.core.rendering import page
from app.developers.pages import reference
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
