"""Every change of a second factor, and the check of a code."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes, token_urlsafe

import pyotp
from sqlalchemy import delete, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from app.accounts import emails, queries
from app.accounts.actions import WrongPresentPassword
from app.accounts.models import RecoveryCode, SecondFactor, SignInSession, User
from app.accounts.policy import (
    RECOVERY_BYTES,
    RECOVERY_CODES,
    hash_token,
    new_recovery_code,
    plain_code,
    step_of,
)
from app.core import journal, passwords
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.journal import By
from app.core.outbox import Outbox
from app.core.sealing import Seals


class WrongCode(DomainError):
    """The code is wrong, old or was used; which of these stays unsaid."""

    status_code = 422
    field = "code"

    def __init__(self) -> None:
        super().__init__(
            N_("“Your code”: this code is not right or was used already. Wait for the next one.")
        )


class NothingBegun(DomainError):
    """There is no second factor to confirm, or it is on already."""

    def __init__(self) -> None:
        super().__init__(N_("There is nothing to confirm. Begin anew."))


class NoSecondFactor(DomainError):
    """The person signs in with a password alone."""

    status_code = 422
    field = "email"

    def __init__(self) -> None:
        super().__init__(N_("“E-mail address”: nobody with this address uses a second factor."))


def begin(session: Session, user: User, *, seals: Seals, at: datetime) -> SecondFactor:
    """Make a new secret, unless one is in use; it counts when a code of it was typed."""
    found = queries.second_factor_of(session, user)
    if found is not None and found.confirmed_at is not None:
        return found
    if found is not None:
        session.delete(found)
        session.flush()
    secret = seals.seal(pyotp.random_base32())
    factor = SecondFactor(user_id=user.id, secret=secret, created_at=at)
    session.add(factor)
    session.flush()
    return factor


def confirm(session: Session, user: User, *, code: str, seals: Seals, outbox: Outbox) -> list[str]:
    """Turn the second factor on and return the recovery codes, which are kept nowhere.

    :raises NothingBegun: when there is none to confirm
    :raises WrongCode: when the app and we do not agree
    """
    factor = queries.second_factor_of(session, user)
    if factor is None or factor.confirmed_at is not None:
        raise NothingBegun
    _take(session, factor, code, seals=seals, at=outbox.now)
    factor.confirmed_at = outbox.now
    _record(session, user, "user.second_factor_on", by=_self(user), outbox=outbox)
    return renew_codes(session, user)


def renew_codes(session: Session, user: User) -> list[str]:
    """Replace all recovery codes and return the new ones, which are kept nowhere."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [new_recovery_code(token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(user_id=user.id, code_hash=hash_token(plain_code(code))) for code in codes
    )
    return codes


def turn_off(session: Session, user: User, *, outbox: Outbox) -> None:
    """Go back to the password alone; doing it twice changes nothing."""
    if _forget(session, user):
        _record(session, user, "user.second_factor_off", by=_self(user), outbox=outbox)


def reset(session: Session, *, email: str, reason: str, by: User, outbox: Outbox) -> User:
    """Take a lost second factor from somebody, whom the administrator knows to be who they are.

    They are signed out everywhere; what remains is their password.

    :raises NoSecondFactor: when nobody with this address has one
    """
    user = queries.user_by_email(session, email)
    if user is None or not queries.has_second_factor(session, user):
        raise NoSecondFactor
    _forget(session, user)
    session.execute(delete(SignInSession).where(SignInSession.user_id == user.id))
    _record(session, user, "user.second_factor_reset", by=_self(by), outbox=outbox, reason=reason)
    return user


def check(session: Session, user: User, *, code: str, seals: Seals, at: datetime) -> None:
    """Take a code of the app, or a recovery code, as proof; neither is taken twice.

    :raises WrongCode: when it is neither
    """
    factor = queries.second_factor_of(session, user)
    if factor is None or factor.confirmed_at is None:
        return
    plain = plain_code(code)
    if plain.isdecimal() and plain.isascii():
        _take(session, factor, plain, seals=seals, at=at)
        return
    used = delete(RecoveryCode).where(
        RecoveryCode.user_id == user.id, RecoveryCode.code_hash == hash_token(plain)
    )
    result = session.execute(used)
    assert isinstance(result, CursorResult)  # noqa: S101 -- what a DELETE returns
    if result.rowcount != 1:
        raise WrongCode


@dataclass(frozen=True)
class Proof:
    """What somebody typed to prove who they are."""

    password: str
    code: str


def prove(
    session: Session, sign_in: SignInSession, proof: Proof, *, seals: Seals, at: datetime
) -> str:
    """Note that whoever sits at this browser is still the person who signed in.

    Return the new token for their browser; the one before opens nothing any more.

    :raises WrongPresentPassword: when the password is not theirs
    :raises WrongCode: when they have a second factor and the code is not right
    """
    if not passwords.is_right(proof.password, sign_in.user.password_hash):
        raise WrongPresentPassword
    check(session, sign_in.user, code=proof.code, seals=seals, at=at)
    sign_in.proved_at = at
    token = token_urlsafe(32)
    sign_in.token_hash = hash_token(token)
    return token


def seal_all(session: Session, seals: Seals) -> None:
    """Seal with the present key what is not: secrets from before, and after a change of keys."""
    for factor in queries.second_factors(session):
        secret = seals.open(factor.secret)
        if secret is not None and not seals.is_newest(factor.secret):
            factor.secret = seals.seal(secret)


def _take(session: Session, factor: SecondFactor, code: str, *, seals: Seals, at: datetime) -> None:
    secret = seals.open(factor.secret)
    if secret is None:  # the key it was sealed with was taken away: recovery codes still open
        raise WrongCode
    step = step_of(secret, plain_code(code), after=factor.last_step, now=at)
    if step is None:
        raise WrongCode
    # The condition is the lock: of two who type the same code at the same time one is refused.
    first = update(SecondFactor).where(
        SecondFactor.user_id == factor.user_id, SecondFactor.last_step < step
    )
    result = session.execute(first.values(last_step=step))
    assert isinstance(result, CursorResult)  # noqa: S101 -- what an UPDATE returns
    if result.rowcount != 1:
        raise WrongCode


def _forget(session: Session, user: User) -> bool:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    found = queries.second_factor_of(session, user)
    if found is None:
        return False
    session.delete(found)
    return found.confirmed_at is not None


def _record(
    session: Session, user: User, action: str, *, by: By, outbox: Outbox, reason: str = ""
) -> None:
    details = {"user_id": user.id}
    journal.record(session, user, action, by=by, at=outbox.now, reason=reason, details=details)
    outbox.add(emails.second_factor_changed(user, action, links=outbox.links))


def _self(user: User) -> By:
    return By(user_id=user.id, name=user.name)
