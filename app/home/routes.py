"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.database import DbSession
from app.core.rendering import page
from app.home import queries
from app.organisations.access import AnyActor

router = APIRouter(tags=["home"])


@router.get("/", name="home:landing")
def landing(request: Request, actor: AnyActor, session: DbSession) -> Response:
    return page(
        request,
        "home/landing.html",
        actor=actor,
        figures=queries.figures(session),
        challenges=queries.newest_open_challenges(session),
    )
