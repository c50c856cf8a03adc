"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.i18n import current_locale, gettext
from app.core.pagination import PageNumber
from app.core.rendering import page
from app.organisations.access import AnyActor, SignedInActor
from app.trail import actions, pages, printing
from app.trail.access import FiledChallenge, ReadyExport, ShownTopic, TracedChallenge
from app.trail.document import document
from app.trail.sourcing import gather

router = APIRouter(tags=["trail"])


@router.get("/challenges/{challenge_id}/trail", name="trail:show")
def show(
    request: Request,
    traced: TracedChallenge,
    session: DbSession,
    topic: ShownTopic = None,
    number: PageNumber = 1,
) -> Response:
    """Show what happened to a challenge, newest first."""
    shown = pages.trail_page(session, traced.challenge, traced.sight, topic, number)
    return page(request, "trail/show.html", challenge=traced.challenge, shown=shown)


@router.get("/challenges/{challenge_id}/file", name="trail:file")
def show_file(
    request: Request, filed: FiledChallenge, actor: SignedInActor, session: DbSession
) -> Response:
    """Show the sourcing file, and the archives of it that this person asked for."""
    file = gather(session, filed.challenge, filed.sight)
    return page(
        request,
        "trail/file.html",
        challenge=filed.challenge,
        document=document(file, current_locale()),
        asked=pages.exports_page(session, filed.challenge, actor),
    )


@router.get("/challenges/{challenge_id}/file.json", name="trail:data")
def show_data(filed: FiledChallenge, session: DbSession) -> Response:
    """Give the sourcing file as data."""
    content = printing.canonical(gather(session, filed.challenge, filed.sight))
    return _download(content, f"{filed.challenge.reference}.json", "application/json")


@router.get("/sourcing-file.schema.json", name="trail:schema")
def show_schema(_actor: AnyActor) -> Response:
    """Give the JSON Schema of the data."""
    return Response(printing.schema(), media_type="application/schema+json")


@router.post("/challenges/{challenge_id}/file", name="trail:ask")
def ask(
    request: Request, filed: FiledChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> Response:
    """Have the file put together as one archive, with the PDF."""
    actions.ask(session, filed.challenge, filed.sight, by=actor, at=now)
    flash(request, gettext("The file is being put together. Reload this page in a moment."))
    return RedirectResponse(f"/challenges/{filed.challenge.id}/file#archives", 303)


@router.get("/challenges/{challenge_id}/file/{export_id}", name="trail:fetch")
def fetch(request: Request, export: ReadyExport) -> Response:
    """Give the archive to the person who asked for it, if they may still read it all."""
    path = actions.path_of(request.app.state.settings.data_dir, export.id)
    return _download(path.read_bytes(), f"QL-{export.challenge_id}.zip", "application/zip")


def _download(content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
