"""How often something may be tried."""

import pytest

from app.core.errors import TooManyAttempts
from app.core.rate_limits import RateLimits


def test_the_window_fills_up() -> None:
    limits = RateLimits()
    for _ in range(3):
        limits.count("3/hour", "reset", "ada@example.org")

    with pytest.raises(TooManyAttempts):
        limits.count("3/hour", "reset", "ADA@example.org")


def test_keys_do_not_disturb_each_other() -> None:
    limits = RateLimits()
    limits.count("1/hour", "reset", "ada@example.org")

    limits.count("1/hour", "reset", "bob@example.org")
    limits.count("1/hour", "sign-up", "ada@example.org")


def test_forgotten_attempts_do_not_count() -> None:
    limits = RateLimits()
    for _ in range(3):
        limits.count("1/minute", "sign-in", "ada@example.org")
        limits.forget("1/minute", "sign-in", "Ada@example.org")

    limits.count("1/minute", "sign-in", "ada@example.org")
    with pytest.raises(TooManyAttempts):
        limits.count("1/minute", "sign-in", "ada@example.org")
