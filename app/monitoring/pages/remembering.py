"""What was made of counted figures, kept in memory until they are counted anew."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from app.core.database import DbSession

MOST = 48
"""So much is kept for a database; what was asked for least recently goes first."""
Value = TypeVar("Value")
_kept: WeakKeyDictionary[Any, OrderedDict[Hashable, Any]] = WeakKeyDictionary()
_lock = Lock()


def remembered(session: DbSession, key: Hashable, make: Callable[[], Value]) -> Value:
    """Return what was made for the same key before, or make it.

    :param key: everything that it depends on: the count, whose figures, what is asked for, and
        for words also the language and the names in it. Who may see less has another key.
    """
    with _lock:
        kept = _kept.setdefault(session.get_bind(), OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            found: Value = kept[key]
            return found
    made = make()
    with _lock:
        kept[key] = made
        while len(kept) > MOST:
            kept.popitem(last=False)
    return made
