"""Background entry: the journal is checked every night, and when an administrator asks."""

from collections.abc import Mapping
from datetime import time
from pathlib import Path

from app.core import daily, jobs, journal_check
from app.core.daily import DailyWork
from app.core.jobs import Handler, Work
from app.core.journal_check import CHECK_DAILY, CHECK_WANTED, HEADS_FILE

SLOW_KINDS = frozenset({CHECK_WANTED})
"""Kinds that compute for seconds or minutes."""


def request_check(work: Work) -> None:
    """Ask for a check of the journal."""
    with work.finishing() as session:
        jobs.enqueue(session, CHECK_WANTED, {}, at=work.now, dedupe_key=CHECK_WANTED)


DAILY = {CHECK_DAILY: DailyWork(request_check, time(3, 40))}


def handlers(data_dir: Path) -> Mapping[str, Handler]:
    """Return the handlers of this feature's job kinds.

    :param data_dir: holds the file of heads, beside the database and not in it
    """

    def check(work: Work) -> None:
        path = data_dir / HEADS_FILE
        kept = journal_check.read_heads(path)
        with work.reading() as session:
            verdict = journal_check.check(session, kept)
        if verdict.is_whole:
            journal_check.append_head(path, verdict.head, at=work.now)
        with work.finishing() as session:
            journal_check.keep_verdict(session, verdict, at=work.now)

    return {CHECK_WANTED: check, **daily.handlers(DAILY)}
