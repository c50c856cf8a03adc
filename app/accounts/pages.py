"""What the account page shows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
from markupsafe import Markup

from app.accounts import queries
from app.accounts.forms import CodeForm, DetailsForm, PasswordForm, TokenForm
from app.accounts.models import PersonalToken, Scope, SignInSession, User
from app.accounts.policy import device
from app.core.database import DbSession
from app.core.forms import Form
from app.core.i18n import gettext
from app.core.sealing import Seals

ISSUER = "Quaylink"


@dataclass(frozen=True)
class AccountPage:
    """A person's own details, the forms that change them, and where they are signed in."""

    user: User
    present: SignInSession
    sessions: Sequence[SignInSession]
    details: Form[DetailsForm]
    password: Form[PasswordForm]
    has_second_factor: bool

    @staticmethod
    def device_of(sign_in: SignInSession) -> tuple[str, str]:
        """Return the browser and the system behind a session, as people call them."""
        return device(sign_in.user_agent)


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
        has_second_factor=queries.has_second_factor(session, user),
    )


@dataclass(frozen=True)
class SecondFactorPage:
    """How a second factor stands: on, being set up, or off.

    :ivar picture: what an app reads the secret from, as SVG; empty unless it is being set up
    :ivar codes: recovery codes just made, shown this once
    """

    is_on: bool
    secret: str
    picture: Markup
    codes_left: int
    form: Form[CodeForm]
    codes: Sequence[str]


def second_factor_page(
    session: DbSession,
    user: User,
    *,
    seals: Seals,
    form: Form[CodeForm] | None = None,
    codes: Sequence[str] = (),
) -> SecondFactorPage:
    """Return the page of somebody's second factor."""
    found = queries.second_factor_of(session, user)
    is_on = found is not None and found.confirmed_at is not None
    secret = (seals.open(found.secret) if found is not None and not is_on else None) or ""
    return SecondFactorPage(
        is_on=is_on,
        secret=" ".join(re.findall(".{1,4}", secret)),
        picture=_picture(secret, user) if secret else Markup(),
        codes_left=queries.recovery_code_count(session, user),
        form=form or Form(),
        codes=codes,
    )


def _picture(secret: str, user: User) -> Markup:
    address = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
    drawn = segno.make(address, error="m")
    # Drawn by the library from an address that is percent-encoded; white, whatever the page is.
    svg = drawn.svg_inline(scale=5, dark="#000", light="#fff", title=gettext("QR code"))
    return Markup(svg)  # noqa: S704 -- see above


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
