"""Background entry: sourcing files come and go; names are forgotten when their time is over."""

from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path

from app.challenges.queries import challenge_by_id
from app.core import daily, jobs
from app.core.daily import DailyWork
from app.core.i18n import speaking
from app.core.jobs import Handler, Work
from app.trail import actions, queries
from app.trail.models import EXPORT_ENDS, EXPORT_WANTED, NAMES_DAILY, NAMES_DUE
from app.trail.policy import Sight
from app.trail.sourcing import gather

SLOW_KINDS = frozenset({EXPORT_WANTED, NAMES_DUE})
"""Kinds that compute for seconds."""
STEPS = 2


def request_forgetting(work: Work) -> None:
    """Have the journal forget the names whose time is over."""
    with work.finishing() as session:
        jobs.enqueue(session, NAMES_DUE, {}, at=work.now)


DAILY = {NAMES_DAILY: DailyWork(request_forgetting, time(3, 20))}
"""Before the journal is checked."""


def handlers(data_dir: Path, names_kept: timedelta) -> Mapping[str, Handler]:
    """Return the handlers of this feature's job kinds.

    :param data_dir: below it the archives are kept, outside what the web serves
    :param names_kept: how long the journal says who acted, after a challenge was archived
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
            content = actions.put_together(file, locale)
        path = actions.path_of(data_dir, export_id)
        _store(path, content)
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

    def forget(work: Work) -> None:
        with work.finishing() as session:
            if actions.forget_names(session, before=work.now - names_kept, at=work.now):
                jobs.enqueue(session, NAMES_DUE, {}, at=work.now)  # there may be more

    return {EXPORT_WANTED: make, EXPORT_ENDS: end, NAMES_DUE: forget, **daily.handlers(DAILY)}


def _store(path: Path, content: bytes) -> None:
    """Write an archive whole or not at all.

    :raises Unavailable: if the disk does not take it now
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_bytes(content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise jobs.Unavailable from error
