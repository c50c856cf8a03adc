"""What is wrong when a database refuses to work: no room, or away; anything else is our fault."""

import smtplib

from sqlalchemy.exc import DBAPIError, OperationalError

NO_ROOM, AWAY = 507, 503
_NAMES = {
    "SQLITE_FULL": NO_ROOM, "SQLITE_BUSY": AWAY, "SQLITE_LOCKED": AWAY, "SQLITE_IOERR": AWAY,
    "SQLITE_CANTOPEN": AWAY, "SQLITE_READONLY": AWAY,
}  # fmt: skip
_CLASSES = {
    "53100": NO_ROOM, "53": AWAY, "08": AWAY, "57": AWAY, "55P03": AWAY, "40": AWAY, "25P03": AWAY,
}  # fmt: skip
"""Beginnings of PostgreSQL's codes: disk full, no resources, connection, shutting down or taking
too long, waiting too long for a lock, in each other's way, silent for too long."""


def trouble_of(error: DBAPIError) -> int | None:
    """Return the HTTP status that says what is wrong, None if the statement is."""
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    code = getattr(error.orig, "sqlstate", "") or ""
    for table, said in ((_NAMES, name), (_CLASSES, code)):
        for beginning, status in table.items():
            if said.startswith(beginning):
                return status
    return AWAY if error.connection_invalidated or _was_not_reached(error) else None


def _was_not_reached(error: DBAPIError) -> bool:
    # What PostgreSQL says has a code; without one its driver says that nobody is there.
    is_of_driver = getattr(error.orig, "sqlstate", "") is None
    return is_of_driver and isinstance(error, OperationalError)


def is_passing(error: Exception) -> bool:
    """Whether a transport will work again by itself: the server is away, or says "later"."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError)
