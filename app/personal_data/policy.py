"""What of a person goes with their account, and what stays without their name."""

FORGOTTEN = frozenset(
    {
        "sign_in_sessions", "personal_tokens", "second_factors", "recovery_codes", "feed_keys",
        "identities", "provider_visits",
        "memberships", "follows", "saved_searches", "ties", "sourcing_exports", "awaited_work",
    }
)  # fmt: skip
"""Tables whose rows are deleted with the account they hang from."""
KEPT = frozenset({"evaluators", "reading_bars"})
"""Tables whose rows stay, without a name: scores were given, and a bar protects others."""
SECRETS = frozenset(
    {"password_hash", "token_hash", "code_hash", "secret", "key", "state_hash", "nonce", "verifier"}
)
"""Columns that open something; nobody is shown them, not even in a copy of their own data."""
FORMER_NAME = "–"
"""What stands where a name stood."""
FORMER_ADDRESS = "former-%s@account.invalid"
