"""A list of leaked passwords that the operator downloaded: hashes in a sorted file, of any size.

Nothing is asked of anybody and nothing is loaded: some forty places of the file are read for each
password, however large it is.
"""

import logging
import re
from hashlib import sha1
from pathlib import Path
from typing import BinaryIO

from app.core.settings import Settings

logger = logging.getLogger(__name__)

_LINE = re.compile(rb"([0-9A-Fa-f]{40})(:\d+)?\r?\n?")
LONGEST_LINE = 100
PROBES = 200
"""So many places are looked at when the process starts."""


class BreachedPasswords:
    """Knows whether a password is in the file.

    :param path: lines of a SHA-1 in hexadecimal, sorted, each followed by ``:`` and a count or not
    :raises ValueError: saying what is wrong with the file
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                self._check(file)
        except OSError as error:
            raise ValueError(f"cannot be read: {error.strerror}") from error

    def __contains__(self, password: str) -> bool:
        """Whether it is in the file; a file that cannot be read any more knows none."""
        # The form in which such lists are handed out; nothing here is protected by it.
        wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().encode()
        try:
            with self._path.open("rb") as file:
                return _find(file, wanted)
        except OSError:
            logger.exception("the list of breached passwords cannot be read")
            return False

    def _check(self, file: BinaryIO) -> None:
        size, before = file.seek(0, 2), b""
        for probe in range(PROBES):
            _, line = _line_from(file, size * probe // PROBES)
            if not line and probe:
                continue  # the probe fell into the last line
            found = _LINE.fullmatch(line)
            if found is None:
                raise ValueError(
                    "every line must be a SHA-1 in hexadecimal, with or without “:” and a count"
                )
            key = found[1].lower()
            if key < before:
                raise ValueError("its lines must be sorted by hash")
            before = key


def breached_passwords(settings: Settings) -> BreachedPasswords | None:
    """Return the operator's list, if they named one.

    :raises ValueError: if it cannot be used, naming the setting
    """
    if settings.breached_passwords is None:
        return None
    try:
        return BreachedPasswords(settings.breached_passwords)
    except ValueError as error:
        raise ValueError(f"QUAYLINK_BREACHED_PASSWORDS: {error}") from error


def _find(file: BinaryIO, wanted: bytes) -> bool:
    """Halve the part of the file in which the line begins until nothing is left of it."""
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        start, line = _line_from(file, middle)
        if not line or start >= high:
            high = middle
            continue
        key = line[:40].lower()
        if key == wanted:
            return True
        if key < wanted:
            low = start + len(line)
        else:
            high = middle
    return False


def _line_from(file: BinaryIO, place: int) -> tuple[int, bytes]:
    """Return the first line that begins at a place or after it, and where it begins."""
    file.seek(max(0, place - 1))
    if place:
        file.readline(LONGEST_LINE)
    return file.tell(), file.readline(LONGEST_LINE)
