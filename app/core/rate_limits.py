"""How often one person, address or mailbox may try something."""

from collections.abc import Callable

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage
from limits.strategies import MovingWindowRateLimiter

from app.core.errors import TooManyAttempts
from app.core.i18n import N_


class RateLimits:
    """Counts attempts per key in moving windows.

    :param observe: told what was tried too often
    """

    def __init__(
        self,
        storage: Storage | None = None,
        *,
        observe: Callable[[str], None] = lambda _what: None,
    ) -> None:
        self._observe = observe
        self._limiter = MovingWindowRateLimiter(storage or MemoryStorage())

    def count(self, limit: str, *key: str) -> None:
        """Count one attempt, for instance ``count("5/minute", "sign-in", email)``.

        :raises TooManyAttempts: when the window is full
        """
        item: RateLimitItem = parse(limit)
        if not self._limiter.hit(item, *(part.casefold() for part in key)):
            self._observe(key[0])
            raise TooManyAttempts(N_("That was tried too often. Wait a few minutes and try again."))

    def forget(self, limit: str, *key: str) -> None:
        """Forget the attempts counted under a key, for instance after the right password."""
        self._limiter.clear(parse(limit), *(part.casefold() for part in key))
