"""Chain the journal."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "202611281156"
down_revision = "202611281155"
branch_labels = None
depends_on = None

BATCH = 1000
PERSONAL_DETAILS = {"person", "user_id"}
KEPT = (
    "id", "at", "action", "subject_kind", "subject_id", "from_state", "to_state", "reason",
    "organisation_id", "organisation_name",
)  # fmt: skip
"""What not even the erasure of names may change."""
WORDS = "the journal is append-only"


def upgrade() -> None:
    op.create_table(
        "event_chain_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_chain_head")),
    )
    op.create_table(
        "journal_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_checks")),
    )
    op.create_table(
        "event_links",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("personal_digest", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_links_event_id_events")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_event_links")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_links_event_id")),
    )
    op.add_column("events", sa.Column("address", sa.String(), nullable=False, server_default=""))
    op.add_column("events", sa.Column("salt", sa.String(), nullable=False, server_default=""))
    chain_what_there_is(op.get_bind())
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table, name in TRIGGERS:
        on_table = f" ON {table}" if dialect == "postgresql" else ""
        op.execute(f"DROP TRIGGER {name}{on_table}")
    if dialect == "postgresql":
        for table in ("events", "event_links", "event_chain_head"):
            op.execute(f"DROP TRIGGER {table}_never_emptied ON {table}")
        op.execute("DROP FUNCTION refuse_journal_change()")
    op.drop_table("event_links")
    op.drop_table("journal_checks")
    op.drop_table("event_chain_head")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_column("salt")
        batch_op.drop_column("address")


def chain_what_there_is(connection: sa.Connection) -> None:
    """Link the events that were there before, as ``app.core.journal_chain`` links new ones."""
    number, digest = 0, ""
    for rows in _batches(connection):
        salted, links = [], []
        for row in rows:
            salt = token_hex(16)
            number, person = number + 1, _personal_digest(row, salt)
            digest = _link_digest(number, row, person, digest)
            salted.append({"row": row.id, "salt": salt})
            links.append({"number": number, "event": row.id, "person": person, "digest": digest})
        connection.execute(sa.text("UPDATE events SET salt = :salt WHERE id = :row"), salted)
        connection.execute(
            sa.text(
                "INSERT INTO event_links (number, event_id, personal_digest, digest) "
                "VALUES (:number, :event, :person, :digest)"
            ),
            links,
        )
    connection.execute(
        sa.text("INSERT INTO event_chain_head (id, number, digest) VALUES (1, :number, :digest)"),
        {"number": number, "digest": digest},
    )


def _batches(connection: sa.Connection) -> Iterator[list[Any]]:
    events = sa.table(
        "events",
        *[sa.column(name) for name in KEPT if name != "at"],
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("user_id"),
        sa.column("user_name"),
        sa.column("details", sa.JSON()),
    )
    last = 0
    statement = sa.select(events).order_by(events.c.id).limit(BATCH)
    while rows := connection.execute(statement.where(events.c.id > last)).all():
        yield list(rows)
        last = rows[-1].id


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _personal_digest(row: Any, salt: str) -> str:
    about = {key: row.details[key] for key in PERSONAL_DETAILS & row.details.keys()}
    return sha256(_canonical([salt, row.user_id, row.user_name, "", about])).hexdigest()


def _link_digest(number: int, row: Any, person: str, previous: str) -> str:
    at: datetime = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    facts = [
        1, number, row.id, at.astimezone(UTC).isoformat(timespec="microseconds"), row.action,
        row.subject_kind, row.subject_id, row.from_state, row.to_state, row.reason,
        row.organisation_id, row.organisation_name,
        {key: value for key, value in row.details.items() if key not in PERSONAL_DETAILS},
        person, previous,
    ]  # fmt: skip
    return sha256(_canonical(facts)).hexdigest()


TRIGGERS = (
    ("events", "events_append_only_update"),
    ("events", "events_append_only_delete"),
    ("events", "events_append_only_insert"),
    ("event_links", "event_links_append_only_update"),
    ("event_links", "event_links_append_only_delete"),
    ("event_links", "event_links_append_only_insert"),
    ("event_chain_head", "event_chain_head_forward_only"),
    ("event_chain_head", "event_chain_head_kept"),
)


def guards(dialect: str) -> list[str]:
    """Return the statements that make the database refuse changes of the journal."""
    is_same = "IS" if dialect == "sqlite" else "IS NOT DISTINCT FROM"
    unchanged = " AND ".join(f"NEW.{name} {is_same} OLD.{name}" for name in KEPT)
    # Who did it can be forgotten, once and as a whole; nothing else ever changes.
    is_erasure = (
        "OLD.salt <> '' AND NEW.salt = '' AND NEW.user_id IS NULL AND NEW.user_name = '' "
        f"AND NEW.address = '' AND {unchanged}"
    )
    refused = [
        ("events_append_only_update", "UPDATE", "events", f"NOT ({is_erasure})"),
        ("events_append_only_delete", "DELETE", "events", ""),
        ("event_links_append_only_update", "UPDATE", "event_links", ""),
        ("event_links_append_only_delete", "DELETE", "event_links", ""),
        ("event_chain_head_kept", "DELETE", "event_chain_head", ""),
        (
            "event_chain_head_forward_only",
            "UPDATE",
            "event_chain_head",
            "NOT (NEW.id = OLD.id AND NEW.number > OLD.number)",
        ),
    ]
    if dialect == "sqlite":
        # REPLACE deletes without waking up a trigger for deletion.
        taken = [
            ("events", "EXISTS (SELECT 1 FROM events WHERE id = NEW.id)"),
            (
                "event_links",
                (
                    "EXISTS (SELECT 1 FROM event_links "
                    "WHERE number = NEW.number OR event_id = NEW.event_id)"
                ),
            ),
        ]
        refused += [(f"{table}_append_only_insert", "INSERT", table, when) for table, when in taken]
        return [_sqlite_trigger(*each) for each in refused]
    # Neither UPSERT nor MERGE goes around PostgreSQL's triggers; the name exists on both alike.
    refused += [
        (f"{table}_append_only_insert", "INSERT", table, "false")
        for table in ("events", "event_links")
    ]
    emptied = [
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()"
        for table in ("events", "event_links", "event_chain_head")
    ]
    return [_POSTGRESQL_FUNCTION, *(_postgresql_trigger(*each) for each in refused), *emptied]


def _sqlite_trigger(name: str, verb: str, table: str, when: str) -> str:
    condition = f"WHEN {when} " if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )


_POSTGRESQL_FUNCTION = f"""
CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$
"""


def _postgresql_trigger(name: str, verb: str, table: str, when: str) -> str:
    condition = f"WHEN ({when}) " if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {condition}"
        "EXECUTE FUNCTION refuse_journal_change()"
    )
