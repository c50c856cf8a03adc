"""What administrators do about somebody's access: sign them out, block the account, let it in."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts import emails
from app.accounts.actions import end_all_sessions
from app.accounts.models import PersonalToken, User
from app.core import journal
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.journal import By
from app.core.outbox import Outbox


class OwnAccount(DomainError):
    """Administrators do not lock themselves out."""

    def __init__(self) -> None:
        super().__init__(N_("This is your own account; ask another administrator."))


class AlreadyBlocked(DomainError):
    """Somebody else was faster."""

    def __init__(self) -> None:
        super().__init__(N_("This account is blocked already."))


class NotBlocked(DomainError):
    """There is nothing to undo."""

    def __init__(self) -> None:
        super().__init__(N_("This account is not blocked."))


def sign_out(session: Session, user: User, *, by: User, reason: str, outbox: Outbox) -> None:
    """End somebody's sessions everywhere; what they may do stays as it is."""
    end_all_sessions(session, user)
    _tell(session, user, "user.signed_out", by=by, reason=reason, outbox=outbox)


def block(session: Session, user: User, *, by: User, reason: str, outbox: Outbox) -> None:
    """Let a person in no more, neither in browsers nor by program; their work stays.

    :raises OwnAccount: when it is one's own
    :raises AlreadyBlocked: when it is blocked
    """
    if user.id == by.id:
        raise OwnAccount
    if user.blocked_at is not None:
        raise AlreadyBlocked
    user.blocked_at = outbox.now
    end_all_sessions(session, user)
    session.execute(delete(PersonalToken).where(PersonalToken.user_id == user.id))
    _tell(session, user, "user.blocked", by=by, reason=reason, outbox=outbox)


def unblock(session: Session, user: User, *, by: User, reason: str, outbox: Outbox) -> None:
    """Let a blocked person in again; they sign in anew and make new tokens.

    :raises NotBlocked: when it is not blocked
    """
    if user.blocked_at is None:
        raise NotBlocked
    user.blocked_at = None
    _tell(session, user, "user.unblocked", by=by, reason=reason, outbox=outbox)


def _tell(
    session: Session, user: User, action: str, *, by: User, reason: str, outbox: Outbox
) -> None:
    journal.record(
        session,
        user,
        action,
        by=By(user_id=by.id, name=by.name),
        at=outbox.now,
        reason=reason,
        details={"user_id": user.id},
    )
    outbox.add(emails.access_changed(user, action, links=outbox.links))
