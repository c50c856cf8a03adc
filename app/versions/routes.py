"""HTTP in, HTTP out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response as HttpResponse

from app.core.database import DbSession
from app.core.rendering import page
from app.partners.access import AuthoredResponse
from app.versions import pages

router = APIRouter(tags=["versions"])
Number = Annotated[int | None, Query(ge=1, lt=2**31)]


@router.get("/responses/{response_id}/versions", name="versions:show")
def show(
    request: Request,
    response: AuthoredResponse,
    session: DbSession,
    old: Number = None,
    new: Number = None,
) -> HttpResponse:
    shown = pages.versions_page(session, response, old=old, new=new)
    return page(
        request,
        "versions/versions.html",
        shown=shown,
        response=response,
        challenge=response.challenge,
    )
