"""When an installation is fit to serve, and who may look into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from ipaddress import ip_address

from app.operations.queries import Facts

SILENCE = timedelta(seconds=30)
"""Three signs of life missed."""
LATENESS = timedelta(minutes=5)
"""Pages do not need the index, and learning many profiles takes minutes."""
LEAST_SHARE, LEAST_BYTES = 0.05, 5_000_000_000
"""Free disk: a twentieth, or on large disks five gigabytes."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    is_fine: bool
    words: str


@dataclass(frozen=True)
class Disk:
    """The file system of the data folder."""

    free: int
    total: int

    @property
    def is_nearly_full(self) -> bool:
        """Whether little is left, by share and by size."""
        return self.free < LEAST_BYTES and self.free < LEAST_SHARE * self.total


def schema(revision: str | None, newest: str | None, *, is_ahead: bool) -> Check:
    """Whether the database has all that this code needs.

    :param is_ahead: whether a later code has migrated it, while this process serves on
    """
    if revision == newest:
        return Check(True, f"at {revision}")
    if is_ahead:
        return Check(True, f"at {revision}, ahead of this code at {newest}: finish the update")
    return Check(False, f"at {revision}, this code needs {newest}")


def worker(found: Facts, lanes: Mapping[str, frozenset[str]], *, now: datetime) -> Check:
    """Whether every lane is served.

    :param lanes: the kinds of jobs in hand that show that a lane is served
    """
    silent = [
        lane
        for lane, kinds in lanes.items()
        if not found.leased_kinds & kinds
        and (lane not in found.beats or abs(now - found.beats[lane]) > SILENCE)
    ]
    return Check(not silent, f"no sign of life: {', '.join(silent)}" if silent else "at work")


def index(found: Facts) -> Check:
    """Whether the index knows the newest profiles, or nearly."""
    late = found.learning
    words = f"{late.count} to learn, the oldest for {late.longest.total_seconds():.0f} s"
    return Check(late.longest <= LATENESS, words)


def room(disk: Disk) -> Check:
    """Whether there is room to write."""
    share = 100 * disk.free / disk.total if disk.total else 0
    return Check(not disk.is_nearly_full, f"{share:.0f} % free, {disk.free // 1_000_000} MB")


def may_look(
    *, peer: str, host: str, is_forwarded: bool, shown: str | None, token: str | None
) -> bool:
    """Whether somebody may see figures: from this very machine, or with the token.

    A proxy on this machine makes all the world look near; it names another host or says that it
    forwards.

    :param shown: the token that the caller sent
    :param token: the one that was configured
    """
    if token is not None and shown is not None and compare_digest(shown.encode(), token.encode()):
        return True
    return not is_forwarded and is_near(peer) and (host == "localhost" or is_near(host))


def is_near(address: str) -> bool:
    """Whether an address is of this machine alone."""
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False
