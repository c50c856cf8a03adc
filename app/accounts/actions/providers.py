"""Signing in through a provider: the way there, and whose account it is when they come back."""

from collections.abc import Iterable
from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts import emails, queries
from app.accounts.actions import Blocked, end_all_sessions
from app.accounts.models import Identity, PersonalToken, ProviderVisit, User
from app.accounts.policy import VISIT_LASTS, hash_token
from app.core import journal
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.journal import By
from app.core.openid import Visit, Vouched
from app.core.outbox import Outbox
from app.core.sign_in_providers import SignInProvider


class NotVouched(DomainError):
    """The provider knows them, and that is not enough here."""

    status_code = 403


class Elsewhere(DomainError):
    """Their organisation wants its people to sign in through its own provider."""

    status_code = 422
    field = "email"

    def __init__(self, provider: SignInProvider, email: str) -> None:
        super().__init__(
            N_("“E-mail address”: people of %(domain)s sign in through %(name)s, see below."),
            domain=email.rpartition("@")[2],
            name=provider.name,
        )
        self.provider = provider


def check_way(email: str, providers: Iterable[SignInProvider]) -> None:
    """Refuse a password where an organisation wants its own sign-in; asks about no account.

    :raises Elsewhere: for an address of a domain whose provider is required
    """
    for provider in providers:
        if provider.required and provider.stands_for(email):
            raise Elsewhere(provider, email)


def leave(
    session: Session,
    provider: SignInProvider,
    *,
    back: str,
    onward: str,
    proving: User | None,
    at: datetime,
) -> Visit:
    """Keep what is needed when somebody comes back, once and within ten minutes."""
    session.execute(delete(ProviderVisit).where(ProviderVisit.expires_at <= at))
    is_proof = proving is not None
    visit = Visit(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48), back, at, is_proof)
    session.add(
        ProviderVisit(
            state_hash=hash_token(visit.state),
            provider=provider.key,
            nonce=visit.nonce,
            verifier=visit.verifier,
            onward=onward,
            user_id=proving.id if proving else None,
            created_at=at,
            expires_at=at + VISIT_LASTS,
        )
    )
    return visit


def come_back(
    session: Session, provider: SignInProvider, state: str, *, at: datetime
) -> ProviderVisit | None:
    """Take what was kept; of two who come with the same state the second finds nothing."""
    gone = (
        delete(ProviderVisit)
        .where(
            ProviderVisit.state_hash == hash_token(state),
            ProviderVisit.provider == provider.key,
            ProviderVisit.expires_at > at,
        )
        .returning(ProviderVisit)
    )
    return session.scalars(gone).one_or_none()


def recognise(
    session: Session, provider: SignInProvider, vouched: Vouched, *, locale: str, outbox: Outbox
) -> User:
    """Return whose account it is; link or make one if the provider may say so.

    :raises NotVouched: with the reason and what to do
    :raises Blocked: when an administrator blocked the account
    """
    _check_address(provider, vouched)
    identity = queries.identity(session, vouched.issuer, vouched.subject)
    user = identity.user if identity else _linked(session, provider, vouched, locale, outbox)
    if user.blocked_at is not None:
        raise Blocked
    identity = identity or queries.identity(session, vouched.issuer, vouched.subject)
    assert identity is not None  # noqa: S101 -- it was there or has just been linked
    identity.last_used_at = outbox.now
    return user


def _check_address(provider: SignInProvider, vouched: Vouched) -> None:
    if not vouched.email or not vouched.is_verified:
        raise NotVouched(
            N_(
                "%(name)s does not confirm that your e-mail address is yours. Ask those who run it."
            ),
            name=provider.name,
        )
    if not provider.stands_for(vouched.email):
        raise NotVouched(
            N_("%(name)s stands for addresses of %(domains)s here, and yours is another one."),
            name=provider.name,
            domains=", ".join(sorted(provider.domains)),
        )


def _linked(
    session: Session, provider: SignInProvider, vouched: Vouched, locale: str, outbox: Outbox
) -> User:
    user = queries.user_by_email(session, vouched.email)
    if user is None:
        user = _new_account(session, provider, vouched, locale, outbox)
    elif queries.identity_of(session, user, vouched.issuer) is not None:
        # Organisations give addresses to others when somebody leaves; the account is not theirs.
        raise NotVouched(
            N_(
                "The account with your address belongs to somebody else at %(name)s. Ask the "
                "administrators of the platform."
            ),
            name=provider.name,
        )
    elif user.email_confirmed_at is None:
        _evict(session, user)
        user.email_confirmed_at = outbox.now
    now = outbox.now
    session.add(
        Identity(
            user_id=user.id,
            issuer=vouched.issuer,
            subject=vouched.subject,
            created_at=now,
            last_used_at=now,
        )
    )
    session.flush()
    by = By(user_id=user.id, name=user.name)
    details = {"user_id": user.id, "provider": provider.key}
    journal.record(session, user, "user.identity_linked", by=by, at=now, details=details)
    outbox.add(emails.access_changed(user, "user.identity_linked", links=outbox.links))
    return user


def _new_account(
    session: Session, provider: SignInProvider, vouched: Vouched, locale: str, outbox: Outbox
) -> User:
    if not provider.makes_accounts:
        raise NotVouched(
            N_("There is no account with your address yet. Ask your organisation to invite you.")
        )
    user = User(
        email=vouched.email,
        name=vouched.name or vouched.email.partition("@")[0],
        password_hash="",
        locale=locale,
        created_at=outbox.now,
        email_confirmed_at=outbox.now,
    )
    session.add(user)
    session.flush()
    return user


def _evict(session: Session, user: User) -> None:
    """Whoever signed up with the address did not read mail there; their password must not stay."""
    user.password_hash = ""
    end_all_sessions(session, user)
    session.execute(delete(PersonalToken).where(PersonalToken.user_id == user.id))
