"""HTTP in, HTTP out."""

from enum import StrEnum

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.clock import Now
from app.core.database import DbSession
from app.core.feeds import file
from app.core.i18n import TIME_ZONE
from app.core.rendering import page
from app.open_data import pages
from app.open_data.pages import ALWAYS, COLUMNS, SMALL, Licence, Table
from app.organisations.access import AnyActor

router = APIRouter(tags=["open_data"])


class FileForm(StrEnum):
    """In which form a table comes."""

    CSV = "csv"
    JSON = "json"


@router.get("/open-data", name="open_data:overview")
def show_overview(request: Request, _actor: AnyActor) -> Response:
    return page(
        request,
        "open_data/overview.html",
        columns=COLUMNS,
        always=ALWAYS,
        small=SMALL,
        licence=Licence.of(request.app.state.settings),
    )


@router.get("/open-data/{table}.{form}", name="open_data:download")
def download(
    request: Request, table: Table, form: FileForm, _actor: AnyActor, session: DbSession, now: Now
) -> Response:
    settings = request.app.state.settings
    licence, today = Licence.of(settings), now.astimezone(TIME_ZONE).date()
    rows = pages.rows_of(session, table, base_url=settings.base_url)
    if form is FileForm.CSV:
        content = pages.as_csv(table, rows, licence=licence, today=today)
        answer = file(request, content, "text/csv")
    else:
        content = pages.as_json(table, rows, licence=licence, today=today)
        answer = file(request, content, "application/json")
    answer.headers["Link"] = f'<{licence.url}>; rel="license"'
    answer.headers["Content-Disposition"] = f'attachment; filename="{table}.{form}"'
    return answer
