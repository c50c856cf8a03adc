"""How long things of an account last, and what a sign-in token is."""

from datetime import timedelta
from hashlib import sha256

SESSION_LIFETIME = timedelta(days=14)
IDLE_LIMIT = timedelta(hours=12)
SEEN_INTERVAL = timedelta(minutes=10)
"""How exactly "last seen" is kept; finer would make every page a write."""

CONFIRMING = "accounts.confirm"
CONFIRMING_SECONDS = 3 * 24 * 3600
RESETTING = "accounts.reset"
RESETTING_SECONDS = 3600


def hash_token(token: str) -> str:
    """Return what is stored of a token: enough to find it, useless to a thief."""
    return sha256(token.encode()).hexdigest()


TOKEN_PREFIX = "qlk_"  # noqa: S105 -- what every key begins with; scanners for leaked keys know it
TOKEN_BEGINNING = len(TOKEN_PREFIX) + 6
TOKEN_DAYS = (30, 90, 365)
"""For how long a personal token may live."""
MOST_TOKENS = 20
USED_INTERVAL = timedelta(minutes=5)
"""How exactly the last use of a token is kept."""
