"""What a person is told about their data, and the copy of it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.models import User
from app.core.database import DbSession
from app.personal_data import queries


@dataclass(frozen=True)
class DataPage:
    """Whose data it is, and for how many days the journal keeps names."""

    user: User
    journal_days: int


def copy_of(session: DbSession, user: User, *, now: datetime) -> bytes:
    """Return everything that is kept about a person, as JSON."""
    told: dict[str, Any] = {
        "made_at": now,
        "account": queries.person(session, user),
        "own": queries.own_rows(session, user),
        "by_address": queries.kept_by_address(session, user),
        "messages": queries.messages(session, user),
        "journal": queries.events(session, user),
        "named_in": queries.acts(session, user),
    }
    return json.dumps(told, default=_plain, ensure_ascii=False, indent=2).encode()


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
