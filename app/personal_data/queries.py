"""Every SELECT for a copy of what is kept about a person."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, DateTime, Table, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.core.database import Base
from app.core.journal import Event
from app.core.outbox import Mail
from app.organisations.models import MemberInvitation, MemberRole, Membership, Organisation
from app.personal_data.policy import SECRETS

Rows = list[dict[str, Any]]


def references() -> Iterator[tuple[Table, Column[Any], bool]]:
    """Return every column that names a person, and whether the row is theirs altogether."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column.table is User.__table__:
                    yield table, column, key.ondelete == "CASCADE"


def person(session: Session, user: User) -> dict[str, Any]:
    """Return what the account says."""
    return _rows(session, User.__table__, User.__table__.c.id == user.id)[0]


def own_rows(session: Session, user: User) -> dict[str, Rows]:
    """Return the rows that hang from the account, whole but for their secrets."""
    return {
        table.name: _rows(session, table, column == user.id)
        for table, column, is_own in references()
        if is_own
    }


def acts(session: Session, user: User) -> dict[str, Rows]:
    """Return where else the person is named: which row, in what part, and its moments.

    What else such a row holds belongs to an organisation, and may not be theirs to read any more.
    """
    return {
        f"{table.name}.{column.name}": _rows(session, table, column == user.id, brief=True)
        for table, column, is_own in references()
        if not is_own
    }


def messages(session: Session, user: User) -> Rows:
    """Return what we wrote to the person."""
    columns = (Mail.created_at, Mail.sent_at, Mail.read_at, Mail.subject, Mail.text)
    statement = select(*columns).where(Mail.to_address == user.email, ~Mail.mail_only)
    return [dict(row) for row in session.execute(statement.order_by(Mail.id)).mappings()]


def kept_by_address(session: Session, user: User) -> dict[str, Rows]:
    """Return choices about e-mails and open invitations, which hang from the address."""
    tables = Base.metadata.tables
    return {
        name: _rows(session, tables[name], tables[name].c[column] == user.email)
        for name, column in (
            ("message_preferences", "address"), ("digests", "address"),
            (MemberInvitation.__tablename__, "email"),
        )
    }  # fmt: skip


def events(session: Session, user: User) -> Rows:
    """Return what the journal says that they did."""
    columns = (Event.at, Event.action, Event.subject_kind, Event.subject_id, Event.reason,
               Event.organisation_name, Event.address)  # fmt: skip
    statement = select(*columns).where(Event.user_id == user.id).order_by(Event.id)
    return [dict(row) for row in session.execute(statement).mappings()]


def solely_managed(session: Session, user: User) -> Sequence[str]:
    """Return the names of organisations that nobody else manages."""
    managed = select(Membership.organisation_id).where(Membership.role == MemberRole.MANAGER)
    own = managed.where(Membership.user_id == user.id)
    alone = managed.group_by(Membership.organisation_id).having(func.count() == 1)
    statement = select(Organisation.name).where(
        Organisation.id.in_(own), Organisation.id.in_(alone)
    )
    return session.scalars(statement.order_by(Organisation.name)).all()


def memberships(session: Session, user: User) -> Sequence[Membership]:
    """Return the person's roles in organisations."""
    statement = select(Membership).where(Membership.user_id == user.id)
    return session.scalars(statement.options(joinedload(Membership.user))).all()


def is_only_administrator(session: Session, user: User) -> bool:
    """Whether nobody else runs the installation."""
    others = select(func.count(User.id)).where(User.is_administrator, User.id != user.id)
    return user.is_administrator and not session.scalar(others)


def _rows(session: Session, table: Any, where: Any, *, brief: bool = False) -> Rows:
    columns = [
        column
        for column in table.columns
        if column.name not in SECRETS and (not brief or column.primary_key or _is_moment(column))
    ]
    return [dict(row) for row in session.execute(select(*columns).where(where)).mappings()]


def _is_moment(column: Column[Any]) -> bool:
    kind = column.type
    return isinstance(getattr(kind, "impl", kind), DateTime)
