"""Every change of an account."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from argon2 import PasswordHasher
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts import emails, queries
from app.accounts.models import PersonalToken, SignInSession, User
from app.accounts.policy import SESSION_LIFETIME, hash_token
from app.core import jobs, passwords
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.outbox import Outbox

MAX_USER_AGENT = 200
RESET_WANTED = "accounts.reset_wanted"
"""Job kind: send a link for a new password; payload ``{"email"}``."""


class WrongPassword(DomainError):
    """The address is unknown or the password is not its own; which one stays unsaid."""

    status_code = 422

    def __init__(self) -> None:
        super().__init__(N_("E-mail address or password is wrong. Check both and try again."))


class WrongPresentPassword(DomainError):
    """A signed-in person did not prove who they are."""

    status_code = 422
    field = "present"

    def __init__(self) -> None:
        super().__init__(N_("“Present password”: this is not your password."))


class NotTheirPassword(DomainError):
    """Whoever opened the link did not choose the password, or forgot it."""

    status_code = 422
    field = "password"

    def __init__(self) -> None:
        super().__init__(
            N_("“Password”: this is not the one that was chosen at the sign-up. Choose a new one.")
        )


class Blocked(DomainError):
    """An administrator decided so; only whoever proved who they are learns it."""

    status_code = 403

    def __init__(self) -> None:
        super().__init__(N_("Your account is blocked. Write to those who run the platform."))


@dataclass(frozen=True)
class NewAccount:
    """What a person tells about themselves when they sign up."""

    email: str
    name: str
    password: str
    locale: str


def sign_up(
    session: Session, account: NewAccount, *, onward: str, outbox: Outbox, at: datetime
) -> None:
    """Make an account and ask for confirmation; an address that has one gets a mail saying so.

    Whoever signs up learns nothing about the address. An account that nobody confirmed is
    replaced, which also ends the links sent for it.
    """
    password_hash = passwords.hash_password(account.password)
    user = queries.user_by_email(session, account.email)
    if user is not None and user.email_confirmed_at is not None:
        outbox.add(emails.known_address(user, links=outbox.links))
        return
    if user is None:
        user = User(email=account.email, created_at=at)
        session.add(user)
    user.name, user.locale, user.password_hash = account.name, account.locale, password_hash
    session.flush()
    send_confirmation(user, onward=onward, outbox=outbox)


def send_confirmation(user: User, *, onward: str, outbox: Outbox) -> None:
    """Send a (further) link that confirms the address."""
    outbox.add(emails.confirm(user, links=outbox.links, onward=onward))


def confirm(user: User, *, at: datetime) -> None:
    """Note that the person reads mail at their address; doing it twice changes nothing."""
    user.email_confirmed_at = user.email_confirmed_at or at


def confirm_with(user: User, *, password: str, at: datetime) -> None:
    """Note that whoever chose the password of a new account reads mail at its address.

    :raises NotTheirPassword: when it is another: maybe somebody else signed up with the address
    """
    if not passwords.is_right(password, user.password_hash):
        raise NotTheirPassword
    confirm(user, at=at)


def authenticate(
    session: Session,
    *,
    email: str,
    password: str,
    hasher: PasswordHasher = passwords.HASHER,
) -> User:
    """Return the person with this address and password.

    :raises WrongPassword: without saying which of the two is wrong, after the same time
    :raises Blocked: when the password is right and an administrator blocked the account
    """
    user = queries.user_by_email(session, email)
    stored = user.password_hash if user else None
    if not passwords.is_right(password, stored, hasher=hasher) or user is None:
        raise WrongPassword
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    if user.blocked_at is not None:
        raise Blocked
    return user


@dataclass(frozen=True)
class Way:
    """Through which provider somebody came.

    :ivar provider: its key
    :ivar session: its name for their session there, if it told one
    """

    provider: str = ""
    session: str = ""


NO_PROVIDER = Way()


@dataclass(frozen=True)
class Browser:
    """Where somebody signs in, and how.

    :ivar replacing: the session this browser had before; it ends
    :ivar way: the provider they came through, if they did
    """

    user_agent: str
    replacing: SignInSession | None
    way: Way = NO_PROVIDER


def start_session(session: Session, user: User, browser: Browser, *, at: datetime) -> str:
    """Sign the person in and return the token for their browser, which is kept nowhere.

    :raises Blocked: when an administrator blocked the account, maybe a moment ago
    """
    if user.blocked_at is not None:
        raise Blocked
    session.execute(
        delete(SignInSession).where(
            SignInSession.user_id == user.id, SignInSession.expires_at <= at
        )
    )
    if browser.replacing is not None:
        session.delete(browser.replacing)
    token = token_urlsafe(32)
    session.add(
        SignInSession(
            user_id=user.id,
            token_hash=hash_token(token),
            created_at=at,
            last_seen_at=at,
            expires_at=at + SESSION_LIFETIME,
            user_agent=browser.user_agent[:MAX_USER_AGENT],
            provider=browser.way.provider,
            provider_session=browser.way.session,
        )
    )
    return token


def end_session(session: Session, sign_in: SignInSession) -> None:
    """Sign one browser out."""
    session.delete(sign_in)


def end_all_sessions(session: Session, user: User, *, but: SignInSession | None = None) -> None:
    """Sign the person out in every browser (``but`` one)."""
    statement = delete(SignInSession).where(SignInSession.user_id == user.id)
    if but is not None:
        statement = statement.where(SignInSession.id != but.id)
    session.execute(statement)


def mark_seen(session: Session, sign_in: SignInSession, *, at: datetime) -> None:
    """Note that a browser is still in use."""
    own = update(SignInSession).where(SignInSession.id == sign_in.id)
    session.execute(own.values(last_seen_at=at))


def request_reset(session: Session, *, email: str, at: datetime) -> None:
    """Have a link for a new password sent, if somebody has this address.

    Who has an address is looked up later, in the background: the answer takes as long for anybody.
    """
    jobs.enqueue(session, RESET_WANTED, {"email": email}, at=at)


def send_reset(session: Session, *, email: str, outbox: Outbox) -> None:
    """Send the link for a new password, if somebody has this address."""
    user = queries.user_by_email(session, email)
    if user is not None:
        outbox.add(emails.reset_password(user, links=outbox.links))


def reset_password(
    session: Session, user: User, *, password: str, outbox: Outbox, at: datetime
) -> None:
    """Replace a forgotten password; every browser is signed out, every personal token ends.

    The link came by mail, so the address is confirmed, too.
    """
    confirm(user, at=at)
    user.password_hash = passwords.hash_password(password)
    end_all_sessions(session, user)
    session.execute(delete(PersonalToken).where(PersonalToken.user_id == user.id))
    outbox.add(emails.password_changed(user, links=outbox.links))


def change_password(
    session: Session, sign_in: SignInSession, *, present: str, password: str, outbox: Outbox
) -> None:
    """Replace the password of whoever is signed in; their other browsers are signed out.

    :raises WrongPresentPassword: when the present one is not theirs
    """
    user = sign_in.user
    if not passwords.is_right(present, user.password_hash):
        raise WrongPresentPassword
    user.password_hash = passwords.hash_password(password)
    end_all_sessions(session, user, but=sign_in)
    outbox.add(emails.password_changed(user, links=outbox.links))


def change_details(user: User, *, name: str, locale: str) -> None:
    """Change how the person is called and in which language we write to them."""
    user.name, user.locale = name, locale
