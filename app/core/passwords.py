"""Passwords: hashed with argon2id, never kept, checked in the same time for nobody's account."""

import re
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import ModuleType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 8
MAX_LENGTH = 128
COMMON = Path(__file__).with_name("common_passwords.txt")
"""German and French ones, which the lists of zxcvbn (leaked ones, names, English words) lack."""
FEWEST_GUESSES = 100_000
"""What is found sooner is refused; nobody has to mix kinds of characters."""
ESTIMATED_LENGTH = 20
"""Of longer ones an estimate could take seconds."""
REPETITION = re.compile(r"(.{1,8}?)\1{2,}", re.DOTALL)
WORDS_OF_THE_HOUSE = frozenset(
    {
        "quaylink", "innovation", "innovations", "challenge", "challenges", "herausforderung",
        "defi", "défi", "defis", "défis", "cluster", "clusters", "startup", "startups", "matching",
        "wettbewerb", "administrator", "administration", "verwaltung", "stadtverwaltung", "commune",
        "entreprise", "unternehmen", "company", "hamburg", "marseille",
    }
)  # fmt: skip
"""What people would think of on these pages; digits and signs around them do not help."""

# The second choice of OWASP's password storage cheat sheet: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """Return what is stored of a password; the parameters are part of it."""
    return HASHER.hash(password)


def is_right(password: str, stored: str | None, *, hasher: PasswordHasher = HASHER) -> bool:
    """Whether a password belongs to a stored hash.

    With ``None``, or for somebody who has no password, it takes as long and is wrong.
    """
    nobodys = _nobodys_hash()  # before the choice, so that making it does not tell who exists
    try:
        hasher.verify(stored or nobodys, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def fingerprint(stored: str) -> str:
    """Return what a link carries of a hash, so that it dies when the password changes."""
    return sha256(stored.encode()).hexdigest()[:16]


def is_common(password: str) -> bool:
    """Whether a password is among the first that anybody would try, here or anywhere."""
    folded = password.casefold()
    words = re.findall(r"[^\W\d_]+", folded)
    is_of_the_house = bool(words) and all(word in WORDS_OF_THE_HOUSE for word in words)
    return is_of_the_house or folded in _common_passwords() or _is_found_soon(password)


def _is_found_soon(password: str) -> bool:
    """Whether it is a row of keys, a date, a repetition or a leaked one with a digit behind it."""
    if REPETITION.fullmatch(password):
        return True
    if len(password) > ESTIMATED_LENGTH:
        return False
    guesses: float = _zxcvbn().zxcvbn(password)["guesses"]
    return guesses < FEWEST_GUESSES


@lru_cache
def _nobodys_hash() -> str:
    return hash_password("nobody has this password")


@lru_cache
def _common_passwords() -> frozenset[str]:
    lists = import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS.values()
    known = (word for words in lists for word in words if len(word) >= MIN_LENGTH)
    return frozenset((*known, *COMMON.read_text(encoding="utf-8").split()))


def _zxcvbn() -> ModuleType:
    """Its lists take 17 MB: only the process in which somebody chooses a password has them."""
    return import_module("zxcvbn")
