"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.i18n import N_, current_locale
from app.core.rendering import page
from app.help import pages
from app.help.guides import GUIDE_BY_SLUG, GUIDES
from app.organisations.access import AnyActor

router = APIRouter(tags=["help"])


@router.get("/glossary", name="help:glossary")
def show_glossary(request: Request, _actor: AnyActor) -> Response:
    return page(request, "help/glossary.html", entries=pages.glossary())


@router.get("/help", name="help:overview")
def show_overview(request: Request, _actor: AnyActor) -> Response:
    contact = request.app.state.settings.contact
    return page(request, "help/overview.html", guides=GUIDES, contact=contact)


@router.get("/help/{guide}", name="help:guide")
def show_guide(request: Request, _actor: AnyActor, guide: str) -> Response:
    if guide not in GUIDE_BY_SLUG:
        raise NotFound(N_("There is no page at this address."))
    found = GUIDE_BY_SLUG[guide]
    pictures = {
        scheme: pages.picture_of(found, current_locale(), scheme) for scheme in ("light", "dark")
    }
    return page(request, "help/guide.html", guide=found, guides=GUIDES, pictures=pictures)
