"""What a provider says when it signed somebody out: OpenID Connect Back-Channel Logout 1.0."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES = frozenset({"logout+jwt", "application/logout+jwt"})
"""How such a token calls itself; nothing made for another purpose does."""
LONGEST = timedelta(hours=1)
"""Between its making and its end: so long we remember it, at most."""


class Unsound(ValueError):
    """Not what the standard asks for; ``args[0]`` says what, for the log."""


@dataclass(frozen=True)
class SignedOut:
    """Who was signed out, and where, if the provider says so.

    :ivar subject: its name for the person, or an empty string
    :ivar session: its name for the one session that ended, or an empty string
    :ivar token_id: by which the same token is recognised until ``expires_at``
    """

    issuer: str
    subject: str
    session: str
    token_id: str
    expires_at: datetime


def check_kind(header: Mapping[str, Any]) -> None:
    """See to it that a token was made to sign somebody out.

    :raises Unsound: if not
    """
    kind = header.get("typ")
    if not isinstance(kind, str) or kind.casefold() not in TYPES:
        raise Unsound("typ")


def read_claims(
    claims: Mapping[str, Any], *, issuer: str, audience: str, now: datetime, drift: timedelta
) -> SignedOut:
    """Return who was signed out, if every claim is as it must be.

    :param claims: of a token whose signature holds
    :param drift: so far our clocks may differ
    :raises Unsound: naming the first claim that is not
    """
    if claims.get("iss") != issuer:
        raise Unsound("iss")
    meant_for = claims.get("aud")
    if audience not in (meant_for if isinstance(meant_for, list) else [meant_for]):
        raise Unsound("aud")
    expires_at = _end(claims, now, drift)
    events = claims.get("events")
    if not isinstance(events, Mapping) or not isinstance(events.get(EVENT), Mapping):
        raise Unsound("events")
    if "nonce" in claims:
        raise Unsound("nonce")  # it was made to sign somebody in
    token_id, subject, session = (_text(claims, name) for name in ("jti", "sub", "sid"))
    if not token_id:
        raise Unsound("jti")
    if not subject and not session:
        raise Unsound("sub")
    return SignedOut(issuer, subject, session, token_id, expires_at)


def _end(claims: Mapping[str, Any], now: datetime, drift: timedelta) -> datetime:
    made_at, expires_at = _moment(claims, "iat"), _moment(claims, "exp")
    if made_at > now + drift:
        raise Unsound("iat")
    if not now - drift < expires_at <= made_at + LONGEST:
        raise Unsound("exp")
    return expires_at


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    seconds = claims.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise Unsound(name)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise Unsound(name) from error


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str):
        raise Unsound(name)
    return value
