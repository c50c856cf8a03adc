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
