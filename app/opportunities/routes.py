"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.i18n import gettext
from app.core.rendering import page
from app.opportunities import actions, pages
from app.opportunities.access import PublicChallenge
from app.organisations.access import OwnOrganisation, SignedInActor

router = APIRouter(tags=["opportunities"])


@router.get("/organisations/{slug}/needs", name="opportunities:feed")
def show_feed(
    request: Request, organisation: OwnOrganisation, session: DbSession, now: Now
) -> Response:
    shown = pages.feed_page(session, organisation, now=now)
    return page(request, "opportunities/feed.html", shown=shown, organisation=organisation)


@router.post("/organisations/{slug}/needs", name="opportunities:look_again")
def look_again(
    request: Request,
    organisation: OwnOrganisation,
    session: DbSession,
    actor: SignedInActor,
    now: Now,
) -> Response:
    actions.ask_for_feed(session, organisation, by=actor, at=now)
    flash(request, gettext("Your profile is being compared. Reload this page in a moment."))
    return RedirectResponse(f"/organisations/{organisation.slug}/needs", 303)


@router.get("/challenges/{challenge_id}/fit/{slug}", name="opportunities:fit")
def show_fit(
    request: Request,
    challenge: PublicChallenge,
    organisation: OwnOrganisation,
    session: DbSession,
    now: Now,
) -> Response:
    shown = pages.fit_page(session, challenge, organisation, now=now)
    return page(
        request,
        "opportunities/fit.html",
        shown=shown,
        challenge=challenge,
        organisation=organisation,
    )


@router.post("/challenges/{challenge_id}/fit/{slug}", name="opportunities:check_fit")
def check_fit(
    request: Request,
    challenge: PublicChallenge,
    organisation: OwnOrganisation,
    session: DbSession,
    now: Now,
) -> Response:
    actions.request_check(session, challenge, organisation, at=now)
    flash(request, gettext("Your profile is being checked. Reload this page in a moment."))
    return RedirectResponse(f"/challenges/{challenge.id}/fit/{organisation.slug}", 303)
