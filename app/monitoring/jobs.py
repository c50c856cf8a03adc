"""Background entry: everything is counted every night, after changes, and when somebody asks."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from app.core import daily
from app.core.daily import DailyWork
from app.core.jobs import Handler, Work
from app.monitoring import actions
from app.monitoring.models import COUNT_DAILY, COUNT_IF_CHANGED, COUNT_WANTED

SLOW_KINDS = frozenset({COUNT_WANTED})
"""Kinds that compute for seconds."""


def count(work: Work) -> None:
    """Count everything; only what is different is written, so that nobody waits long for it."""
    with work.reading() as session:
        changes = actions.count(session, now=work.now)
    with work.finishing() as session:
        actions.keep(session, changes)


def count_if_changed(work: Work) -> None:
    """Have everything counted if something has changed, and look again later."""
    with work.transaction() as session:  # first, so that a look that fails ends no series
        actions.look_again(session, at=work.now)
    with work.finishing() as session:
        actions.ask_if_changed(session, at=work.now)


def count_every_night(work: Work) -> None:
    """Have everything counted: days have passed even where nothing has changed."""
    with work.finishing() as session:
        actions.ask(session, at=work.now)
        actions.look_again(session, at=work.now)


DAILY = {COUNT_DAILY: DailyWork(count_every_night, time(0, 20))}


def start(session: Session, *, at: datetime) -> None:
    """Have somebody look at once whether there is something to count."""
    actions.look_again(session, at=at, after=timedelta())


def handlers() -> Mapping[str, Handler]:
    """Return the handlers of this feature's job kinds."""
    own: Mapping[str, Handler] = {COUNT_WANTED: count, COUNT_IF_CHANGED: count_if_changed}
    return {**own, **daily.handlers(DAILY)}
