"""The only module that reads the system clock."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request


def system_clock() -> datetime:
    """Return the current moment, always aware, always UTC."""
    return datetime.now(UTC)  # noqa: TID251 -- the one allowed caller


def get_now(request: Request) -> datetime:
    """Fix one moment per request, so that everything it writes agrees."""
    now: datetime = request.app.state.clock()
    return now


Now = Annotated[datetime, Depends(get_now)]
