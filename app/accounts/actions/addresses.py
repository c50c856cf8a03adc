"""Another e-mail address: asked for here, confirmed from there."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from app.accounts import emails, queries
from app.accounts.actions import end_all_sessions
from app.accounts.models import User
from app.core import journal
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.journal import By
from app.core.outbox import Outbox

Mover = Callable[[Session, str, str], None]
"""Brings what a feature keeps by address from the old one to the new one."""


class SameAddress(DomainError):
    """They have this address already."""

    status_code = 422
    field = "email"

    def __init__(self) -> None:
        super().__init__(N_("“New e-mail address”: this is the one you have."))


class AddressTaken(DomainError):
    """Meanwhile somebody signed up with it; whoever holds the link reads mail there."""

    def __init__(self) -> None:
        super().__init__(N_("There is an account with this address by now. Nothing was changed."))


def request(user: User, *, session: Session, email: str, outbox: Outbox) -> None:
    """Send a link to the new address; one that has an account is told so instead.

    Whoever asks learns nothing about the address.

    :raises SameAddress: when it is the present one
    """
    if email == user.email:
        raise SameAddress
    taken = queries.user_by_email(session, email)
    if taken is not None:
        outbox.add(emails.known_address(taken, links=outbox.links))
    else:
        outbox.add(emails.confirm_new_address(user, email, links=outbox.links))


def change(
    session: Session,
    user: User,
    *,
    email: str,
    outbox: Outbox,
    movers: Sequence[Mover],
) -> None:
    """Make it the address of the account, bring along what is kept by address, tell the old one.

    :raises AddressTaken: when there is an account with it by now
    """
    if queries.user_by_email(session, email) is not None:
        raise AddressTaken
    old = user.email
    for move in movers:
        move(session, old, email)
    user.email = email
    end_all_sessions(session, user)
    by = By(user_id=user.id, name=user.name)
    journal.record(
        session, user, "user.address_changed", by=by, at=outbox.now, details={"user_id": user.id}
    )
    outbox.add(emails.address_changed(user, old, links=outbox.links))
