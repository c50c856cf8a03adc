"""Every SELECT on accounts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.accounts.models import (
    Identity,
    PersonalToken,
    RecoveryCode,
    SecondFactor,
    SignInSession,
    User,
)
from app.accounts.policy import IDLE_LIMIT

# Asked by every page, so put together once: that takes longer than the database needs for it.
_LIVE_SESSION = (
    select(SignInSession)
    .join(SignInSession.user)
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.expires_at > bindparam("now"),
        User.blocked_at.is_(None),
    )
    .options(contains_eager(SignInSession.user))
)


def user_by_email(session: Session, email: str) -> User | None:
    """Return the person with this address, however it is capitalised."""
    return session.scalar(select(User).where(User.email == email.strip().casefold()))


def user_by_id(session: Session, user_id: int) -> User | None:
    """Return one person."""
    return session.get(User, user_id)


def live_session(session: Session, token_hash: str, *, now: datetime) -> SignInSession | None:
    """Return the sign-in session with its person, unless it has run out."""
    return session.scalar(_LIVE_SESSION, {"token_hash": token_hash, "now": now})


def regional_developers(session: Session) -> Sequence[User]:
    """Return the people who steer the region."""
    return session.scalars(select(User).where(User.is_regional_developer).order_by(User.id)).all()


def live_sessions_of(session: Session, user: User, *, now: datetime) -> Sequence[SignInSession]:
    """Return the browsers in which a person is signed in, the latest used first."""
    statement = (
        select(SignInSession)
        .where(
            SignInSession.user_id == user.id,
            SignInSession.expires_at > now,
            SignInSession.last_seen_at >= now - IDLE_LIMIT,
        )
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    )
    return session.scalars(statement).all()


def live_token(session: Session, token_hash: str, *, now: datetime) -> PersonalToken | None:
    """Return the personal token with its person, unless it has run out."""
    statement = (
        select(PersonalToken)
        .join(PersonalToken.user)
        .where(
            PersonalToken.token_hash == token_hash,
            PersonalToken.expires_at > now,
            User.blocked_at.is_(None),
        )
        .options(contains_eager(PersonalToken.user))
    )
    return session.scalar(statement)


def tokens_of(session: Session, user: User) -> Sequence[PersonalToken]:
    """Return a person's tokens, those that have run out too, the newest first."""
    statement = select(PersonalToken).where(PersonalToken.user_id == user.id)
    return session.scalars(statement.order_by(PersonalToken.id.desc())).all()


def token_count(session: Session, user: User) -> int:
    """Return how many tokens a person has."""
    statement = select(func.count(PersonalToken.id)).where(PersonalToken.user_id == user.id)
    return session.scalar(statement) or 0


def token_by_id(session: Session, token_id: int) -> PersonalToken | None:
    """Return one token."""
    return session.get(PersonalToken, token_id)


def session_by_id(session: Session, sign_in_id: int) -> SignInSession | None:
    """Return one sign-in session."""
    return session.get(SignInSession, sign_in_id)


def identity(session: Session, issuer: str, subject: str) -> Identity | None:
    """Return whom a provider means, with the person."""
    known = (Identity.issuer == issuer) & (Identity.subject == subject)
    return session.scalar(select(Identity).where(known).options(joinedload(Identity.user)))


def identity_of(session: Session, user: User, issuer: str) -> Identity | None:
    """Return who a person is to one provider."""
    known = (Identity.user_id == user.id) & (Identity.issuer == issuer)
    return session.scalar(select(Identity).where(known))


def issuers_of(session: Session, user: User) -> frozenset[str]:
    """Return the providers that know a person."""
    return frozenset(session.scalars(select(Identity.issuer).where(Identity.user_id == user.id)))


def second_factor_of(session: Session, user: User) -> SecondFactor | None:
    """Return the second factor that a person set up or begins to."""
    return session.get(SecondFactor, user.id)


def second_factors(session: Session) -> Sequence[SecondFactor]:
    """Return everybody's second factors."""
    return session.scalars(select(SecondFactor).order_by(SecondFactor.user_id)).all()


def has_second_factor(session: Session, user: User) -> bool:
    """Whether a person signs in with two factors."""
    found = second_factor_of(session, user)
    return found is not None and found.confirmed_at is not None


def recovery_code_count(session: Session, user: User) -> int:
    """Return how many recovery codes a person has left."""
    statement = select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user.id)
    return session.scalar(statement) or 0
