"""The only module that reads the system clock."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request

SKEW = timedelta(minutes=1)
"""How far the clocks of our machines may be apart. What lies further in the future than it can was
written while a clock was wrong, which has been put right since.
"""


def system_clock() -> datetime:
    """Return the current moment, always aware, always UTC."""
    return datetime.now(UTC)  # noqa: TID251 -- the one allowed caller


async def get_now(request: Request) -> datetime:
    """Fix one moment per request, so that everything it writes agrees.

    Waits for nothing: ``async`` spares the way to a thread and back, as where others only look.
    """
    now: datetime = request.app.state.clock()
    return now


Now = Annotated[datetime, Depends(get_now)]
