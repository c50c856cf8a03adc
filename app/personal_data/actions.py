"""The end of an account: what is theirs goes, what others rely on stays without their name."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.errors import DomainError
from app.core.i18n import N_
from app.organisations import actions as organisations
from app.organisations.models import MemberInvitation
from app.organisations.queries import actor_for
from app.personal_data import queries
from app.personal_data.policy import FORGOTTEN, FORMER_ADDRESS, FORMER_NAME

Forget = Callable[[Session, str], None]
"""Deletes what a feature keeps under an address."""


class StillNeeded(DomainError):
    """Without them nobody could act for an organisation."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            N_("You alone manage %(names)s. Make somebody else a manager first."),
            names=", ".join(names),
        )


class OnlyAdministrator(DomainError):
    """Without them nobody could run the installation."""

    def __init__(self) -> None:
        super().__init__(N_("You alone run this platform. Make somebody else administrator first."))


def delete_account(session: Session, user: User, *, at: datetime, forget: Sequence[Forget]) -> None:
    """Delete everything that is the person's, and take their name from what stays.

    The journal keeps its names as long as the installation's rule for it says.

    :raises StillNeeded: while they are the only manager of an organisation
    :raises OnlyAdministrator: while they are the only administrator
    """
    if names := queries.solely_managed(session, user):
        raise StillNeeded(names)
    if queries.is_only_administrator(session, user):
        raise OnlyAdministrator
    actor = actor_for(session, user)
    for membership in queries.memberships(session, user):
        organisations.remove_person(session, membership, by=actor, at=at)
    session.flush()
    for table, column, _ in queries.references():
        if table.name in FORGOTTEN:
            session.execute(delete(table).where(column == user.id))
    session.execute(delete(MemberInvitation).where(MemberInvitation.email == user.email))
    for each in forget:
        each(session, user.email)
    user.email, user.name = FORMER_ADDRESS % user.id, FORMER_NAME
    user.password_hash = ""  # no password has this hash
    user.is_administrator = user.is_regional_developer = False
    user.email_confirmed_at = None
