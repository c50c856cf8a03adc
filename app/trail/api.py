"""JSON in, JSON out; the sourcing file also as the page and the archive that people get."""

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.i18n import current_locale
from app.core.json_api import ApiRouter, Listing, listing, whole
from app.core.pagination import PageNumber
from app.organisations.access import SignedInActor
from app.trail import actions, pages, printing, queries
from app.trail.access import FiledChallenge, ReadyExport, ShownTopic, TracedChallenge
from app.trail.contents import SourcingFile
from app.trail.document import document
from app.trail.schemas import ArchiveShown, EventShown
from app.trail.sourcing import gather

router = ApiRouter("trail")
READ, FILE = Scope.RECORD_READ, "/challenges/{challenge_id}/file"


class Archive(Response):
    """A ZIP."""

    media_type = "application/zip"


@router.read("/challenges/{challenge_id}/trail", "show", scope=READ, twin="trail:show")
def show_trail(
    request: Request,
    answer: Response,
    traced: TracedChallenge,
    session: DbSession,
    topic: ShownTopic = None,
    number: PageNumber = 1,
) -> Listing[EventShown]:
    """Show what happened to a challenge, newest first; `about` names one kind of event."""
    shown = pages.trail_page(session, traced.challenge, traced.sight, topic, number)
    return listing(request, answer, shown.found, lambda event: EventShown.of(event, shown.names))


@router.read(FILE, "file", scope=READ, twin="trail:data")
def show_file(filed: FiledChallenge, session: DbSession) -> SourcingFile:
    """Show the complete sourcing file of a challenge, as far as you may read it."""
    return gather(session, filed.challenge, filed.sight)


@router.read(f"{FILE}.html", "page", scope=READ, twin="trail:file", kind=HTMLResponse)
def show_page(filed: FiledChallenge, session: DbSession) -> Response:
    """Show the sourcing file as a web page that stands alone, in your language."""
    file = gather(session, filed.challenge, filed.sight)
    return HTMLResponse(printing.html(document(file, current_locale())))


@router.act(f"{FILE}/archives", "ask", scope=READ, twin="trail:ask", status_code=202)
def ask_for_archive(
    filed: FiledChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> ArchiveShown:
    """Have the file put together as one archive: page, PDF, data and digests."""
    return ArchiveShown.of(actions.ask(session, filed.challenge, filed.sight, by=actor, at=now))


@router.read(f"{FILE}/archives", "archives", scope=READ, twin="trail:file")
def list_archives(
    filed: FiledChallenge, actor: SignedInActor, session: DbSession
) -> Listing[ArchiveShown]:
    """List the archives that you asked for; each goes two days after that."""
    assert actor.user is not None  # noqa: S101 -- signed in
    return whole(queries.exports_for(session, filed.challenge.id, actor.user.id), ArchiveShown.of)


@router.read(
    f"{FILE}/archives/{{export_id}}", "fetch", scope=READ, twin="trail:fetch", kind=Archive
)
def fetch_archive(request: Request, export: ReadyExport) -> Response:
    """Fetch an archive that is ready, if you may still read all that is in it."""
    path = actions.path_of(request.app.state.settings.data_dir, export.id)
    return Archive(path.read_bytes())
