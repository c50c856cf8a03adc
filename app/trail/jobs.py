"""Background entry: sourcing files are put together, and go again after two days."""

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from app.challenges.queries import challenge_by_id
from app.core.i18n import speaking
from app.core.jobs import Handler, Work
from app.core.rendering import STATIC, environment
from app.trail import actions, queries
from app.trail.document import Document
from app.trail.models import EXPORT_ENDS, EXPORT_WANTED
from app.trail.policy import Sight
from app.trail.sourcing import gather

SLOW_KINDS = frozenset({EXPORT_WANTED})
"""Kinds that compute for seconds."""
STEPS = 2


def render(document: Document) -> bytes:
    """Return the document as a web page that stands alone."""
    template = environment.get_template("trail/alone.html")
    sheet = (STATIC / "sourcing-file.css").read_text(encoding="utf-8")
    style = Markup("<style>{}</style>").format(Markup(sheet))  # noqa: S704 -- our own file
    return template.render(document=document, style=style).encode()


def handlers(data_dir: Path) -> Mapping[str, Handler]:
    """Return the handlers of this feature's job kinds.

    :param data_dir: below it the archives are kept, outside what the web serves
    """

    def make(work: Work) -> None:
        export_id = work.payload["export_id"]
        with work.reading() as session:
            export = queries.export_by_id(session, export_id)
            challenge = challenge_by_id(session, export.challenge_id) if export else None
            if export is None or challenge is None:
                return  # gone since it was asked for
            locale = export.locale
            file = gather(session, challenge, Sight(**export.sight))
        work.report(1, STEPS)
        with speaking(locale):
            content = actions.put_together(file, locale, render)
        path = actions.path_of(data_dir, export_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        work.report(STEPS, STEPS)
        with work.finishing() as session:
            actions.keep(session, export_id, content, at=work.now)

    def end(work: Work) -> None:
        export_id = work.payload["export_id"]
        actions.path_of(data_dir, export_id).unlink(missing_ok=True)
        with work.finishing() as session:
            export = queries.export_by_id(session, export_id)
            if export is not None:
                session.delete(export)

    return {EXPORT_WANTED: make, EXPORT_ENDS: end}
