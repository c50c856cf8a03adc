"""Asking for a sourcing file as an archive, and putting it together."""

from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core import jobs
from app.core.i18n import current_locale
from app.core.journal import Event
from app.core.journal_chain import ChainHead
from app.core.journal_check import erase_people
from app.organisations.policy import Actor
from app.progress.actions import Wanted, wait_for
from app.progress.models import WorkKind
from app.trail.contents import SourcingFile
from app.trail.document import document
from app.trail.models import EXPORT_ENDS, EXPORT_WANTED, KEPT_FOR, SourcingExport
from app.trail.policy import Sight
from app.trail.printing import archive, canonical, html, pdf, schema
from app.trail.queries import events

FOLDER = "exports"
AT_ONCE = 500
"""So many events forget their names in one transaction, so that no writer waits for long."""


def ask(
    session: Session, challenge: Challenge, sight: Sight, *, by: Actor, at: datetime
) -> SourcingExport:
    """Have the sourcing file put together as its reader may see it now, in their language."""
    assert by.user is not None  # noqa: S101 -- signed in
    export = SourcingExport(
        challenge_id=challenge.id,
        user_id=by.user.id,
        locale=current_locale(),
        sight=asdict(sight),
        asked_at=at,
    )
    session.add(export)
    session.flush()
    payload = {"export_id": export.id}
    job = jobs.enqueue(session, EXPORT_WANTED, payload, at=at)
    export.job_id = job.id
    path = f"/challenges/{challenge.id}/file"
    wait_for(
        session, job, Wanted(WorkKind.FILE, challenge.title, path, challenge.lang), by=by, at=at
    )
    jobs.enqueue(session, EXPORT_ENDS, payload, at=at, run_at=at + KEPT_FOR)
    return export


def forget_names(session: Session, *, before: datetime, at: datetime) -> int:
    """Make the journal forget who acted, in some events whose time is over; return in how many.

    What was done, when, why and for which organisation stays, and the chain still holds.
    """
    due = events.forgettable(session, before, AT_ONCE)
    if not due:
        return 0
    journal_itself = session.get_one(ChainHead, 1)
    return erase_people(session, Event.id.in_(due), subject=journal_itself, at=at)


def put_together(file: SourcingFile, locale: str) -> bytes:
    """Return the archive: page, PDF, data and the schema of the data."""
    readable = document(file, locale)
    return archive(
        {
            "sourcing-file.html": html(readable),
            "sourcing-file.pdf": pdf(readable),
            "sourcing-file.json": canonical(file),
            "sourcing-file.schema.json": schema(),
        }
    )


def path_of(data_dir: Path, export_id: int) -> Path:
    """Return where the archive of an export lies."""
    return data_dir / FOLDER / f"{export_id}.zip"


def keep(session: Session, export_id: int, content: bytes, *, at: datetime) -> None:
    """Note that an archive is there, and its digest."""
    export = session.get_one(SourcingExport, export_id)
    export.ready_at, export.size = at, len(content)
    export.sha256 = sha256(content).hexdigest()
