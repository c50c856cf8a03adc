"""What the account page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.accounts import queries
from app.accounts.forms import DetailsForm, PasswordForm, TokenForm
from app.accounts.models import PersonalToken, Scope, SignInSession, User
from app.core.database import DbSession
from app.core.forms import Form


@dataclass(frozen=True)
class AccountPage:
    """A person's own details, the forms that change them, and where they are signed in."""

    user: User
    present: SignInSession
    sessions: Sequence[SignInSession]
    details: Form[DetailsForm]
    password: Form[PasswordForm]


def account_page(
    session: DbSession,
    present: SignInSession,
    *,
    now: datetime,
    details: Form[DetailsForm] | None = None,
    password: Form[PasswordForm] | None = None,
) -> AccountPage:
    """Return the account page of whoever is signed in; refused forms show what was typed."""
    user = present.user
    return AccountPage(
        user=user,
        present=present,
        sessions=queries.live_sessions_of(session, user, now=now),
        details=details or Form(raw={"name": user.name, "locale": user.locale}),
        password=password or Form(),
    )


@dataclass(frozen=True)
class TokensPage:
    """A person's tokens, the form for one more, and the key of the one just made."""

    tokens: Sequence[PersonalToken]
    scopes: Sequence[Scope]
    form: Form[TokenForm]
    key: str
    now: datetime


def tokens_page(
    session: DbSession, user: User, *, now: datetime, form: Form[TokenForm], key: str = ""
) -> TokensPage:
    """Return the page of somebody's tokens; ``key`` is shown this once."""
    return TokensPage(queries.tokens_of(session, user), tuple(Scope), form, key, now)
