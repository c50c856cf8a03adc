"""How long things of an account last, what a sign-in token is, and which code is right."""

import re
from base64 import b32encode
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

import pyotp

SESSION_LIFETIME = timedelta(days=14)
IDLE_LIMIT = timedelta(hours=12)
SEEN_INTERVAL = timedelta(minutes=10)
"""How exactly "last seen" is kept; finer would make every page a write."""

CONFIRMING = "accounts.confirm"
CONFIRMING_SECONDS = 3 * 24 * 3600
RESETTING = "accounts.reset"
RESETTING_SECONDS = 3600

SECOND_STEP = "accounts.second_step"
SECOND_STEP_SECONDS = 300
NEW_ADDRESS = "accounts.new_address"
NEW_ADDRESS_SECONDS = 24 * 3600
VISIT_LASTS = timedelta(minutes=10)
"""How long somebody may take at a provider of sign-ins."""
PROOF_LASTS = timedelta(minutes=15)
"""After that, acts that could take the account away ask again who it is."""


def hash_token(token: str) -> str:
    """Return what is stored of a token: enough to find it, useless to a thief."""
    return sha256(token.encode()).hexdigest()


def must_have_second_factor(wanted: str, *, runs_it: bool) -> bool:
    """Whether somebody does nothing here before they have a second factor.

    :param wanted: of whom the installation wants one: ``QUAYLINK_SECOND_FACTOR``
    :param runs_it: whether they administer the installation or steer the region
    """
    return wanted == "everybody" or (wanted == "administration" and runs_it)


TOKEN_PREFIX = "qlk_"  # noqa: S105 -- what every key begins with; scanners for leaked keys know it
TOKEN_BEGINNING = len(TOKEN_PREFIX) + 6
TOKEN_DAYS = (30, 90, 365)
"""For how long a personal token may live."""
MOST_TOKENS = 20
USED_INTERVAL = timedelta(minutes=5)
"""How exactly the last use of a token is kept."""

CODE_SECONDS = 30
CODE_DRIFT = 1
"""So many periods a phone's clock may be off."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 15
"""120 bits: no dictionary and no search finds one, so a plain hash is enough."""


def new_recovery_code(random: bytes) -> str:
    """Return how a recovery code is written: six groups of four letters and digits."""
    written = b32encode(random).decode().lower()
    return "-".join(re.findall("....", written))


def plain_code(typed: str) -> str:
    """Return what was typed without the blanks and strokes that people put in or leave out."""
    return re.sub(r"[\s-]", "", typed).lower()


def step_of(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """Return the period that a code belongs to, None if it is wrong or was used.

    :param after: the period of the last code that was taken
    """
    present, app = int(now.timestamp()) // CODE_SECONDS, pyotp.TOTP(secret)
    for step in range(present - CODE_DRIFT, present + CODE_DRIFT + 1):
        if compare_digest(app.generate_otp(step).encode(), code.encode()) and step > after:
            return step
    return None


SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Windows", "Windows"),
    ("Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
PROGRAMS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
"""Most browsers claim to be several; the first that fits is meant."""


def device(user_agent: str) -> tuple[str, str]:
    """Return browser and system as people call them, empty where they cannot be told."""

    def first(table: tuple[tuple[str, str], ...]) -> str:
        return next((name for mark, name in table if mark in user_agent), "")

    return first(PROGRAMS), first(SYSTEMS)
