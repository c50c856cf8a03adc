"""What everybody may read: the list of challenges and each one's page."""

from fastapi import APIRouter, Request, Response

from app.challenges.access import ViewableChallenge
from app.challenges.pages.listing import challenge_list
from app.challenges.pages.reading import challenge_page
from app.core.clock import Now
from app.core.database import DbSession
from app.core.pagination import PageNumber
from app.core.rendering import page
from app.organisations.access import AnyActor

router = APIRouter()


@router.get("/challenges", name="challenges:list")
def show_list(
    request: Request, session: DbSession, actor: AnyActor, now: Now, number: PageNumber = 1
) -> Response:
    shown = challenge_list(session, request.query_params, number=number, now=now)
    return page(request, "challenges/list.html", shown=shown, actor=actor)


@router.get("/challenges/{challenge_id}", name="challenges:show")
def show(
    request: Request, challenge: ViewableChallenge, session: DbSession, actor: AnyActor, now: Now
) -> Response:
    contributors = request.app.state.challenge_contributors
    shown = challenge_page(session, challenge, actor, now, contributors=contributors)
    return page(request, "challenges/show.html", shown=shown, challenge=challenge)
