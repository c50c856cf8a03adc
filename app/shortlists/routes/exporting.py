"""A list on one page, and as a file with the columns one chooses."""

from enum import StrEnum

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.clock import Now
from app.core.database import DbSession
from app.core.rendering import page
from app.organisations.access import SignedInActor
from app.shortlists import pages, printing
from app.shortlists.access import ReadableChallenge

router = APIRouter()


class ExportForm(StrEnum):
    """In which form a list is written."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


WRITERS = {
    ExportForm.CSV: (printing.as_csv, "text/csv; charset=utf-8"),
    ExportForm.XLSX: (
        printing.as_workbook,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ExportForm.PDF: (printing.as_pdf, "application/pdf"),
}


@router.get("/challenges/{challenge_id}/shortlist/export", name="shortlists:sheet")
def show_sheet(
    request: Request,
    challenge: ReadableChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    """Show the list on one page with chosen columns."""
    shown = pages.entries_only(session, challenge, actor)
    columns = printing.chosen(request.query_params, shown)
    return page(
        request,
        "shortlists/sheet.html",
        challenge=challenge,
        made=printing.sheet(shown, columns, now=now),
        offered=printing.offered(shown),
        numbers=printing.NUMBERS,
        forms=list(ExportForm),
    )


@router.get("/challenges/{challenge_id}/shortlist/export.{form}", name="shortlists:export")
def export(
    request: Request,
    challenge: ReadableChallenge,
    form: ExportForm,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    """Give the list as a file with chosen columns."""
    shown = pages.entries_only(session, challenge, actor)
    columns = printing.chosen(request.query_params, shown)
    write, media_type = WRITERS[form]
    name = f"{challenge.reference}-shortlist.{form.value}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    content = write(printing.sheet(shown, columns, now=now))
    return Response(content, media_type=media_type, headers=headers)
