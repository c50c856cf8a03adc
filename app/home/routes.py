"""HTTP in, HTTP out."""

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.clock import Now
from app.core.database import DbSession
from app.core.rendering import page
from app.home import queries
from app.home.pages.work import home_page
from app.organisations.access import AnyActor, SignedInActor

router = APIRouter(tags=["home"])

ASSESSED_ON = date(2026, 11, 28)
"""The day of the last assessment behind the accessibility statement; moves with the next one."""


@router.get("/", name="home:landing")
def landing(request: Request, actor: AnyActor, session: DbSession) -> Response:
    return page(
        request,
        "home/landing.html",
        actor=actor,
        figures=queries.figures(session),
        challenges=queries.newest_open_challenges(session),
    )


@router.get("/home", name="home:work")
def work(request: Request, actor: SignedInActor, session: DbSession, now: Now) -> Response:
    return page(request, "home/work.html", home=home_page(session, actor, now=now))


@router.get("/how-matches-are-made", name="home:how_matches_are_made")
def how_matches_are_made(request: Request, _actor: AnyActor) -> Response:
    return page(request, "home/how_matches_are_made.html")


@router.get("/accessibility", name="home:accessibility")
def accessibility(request: Request, _actor: AnyActor) -> Response:
    settings = request.app.state.settings
    return page(
        request,
        "home/accessibility.html",
        contact=settings.contact,
        enforcement_body=settings.enforcement_body,
        assessed_on=ASSESSED_ON,
    )


@router.get("/easy-language", name="home:easy_language")
def easy_language(request: Request, _actor: AnyActor) -> Response:
    contact = request.app.state.settings.contact
    return page(request, "home/easy_language.html", contact=contact)


@router.get("/privacy", name="home:privacy")
def privacy(request: Request, _actor: AnyActor) -> Response:
    settings = request.app.state.settings
    return page(
        request,
        "home/privacy.html",
        contact=settings.contact,
        message_days=settings.keep_messages_days,
    )


@router.get("/sources", name="home:sources")
def sources(request: Request, _actor: AnyActor, session: DbSession) -> Response:
    organisations, challenges = queries.origins(session)
    return page(
        request,
        "home/sources.html",
        organisations=organisations,
        challenges=challenges,
        cluster_facts=queries.cluster_facts(session),
    )
