"""Background entry."""

from collections.abc import Mapping

from app.core.jobs import Handler


def handlers() -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {}
