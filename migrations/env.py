"""Run migrations on the connection that the caller opened."""

import sqlalchemy as sa
from alembic import context

from app.core.database import UtcDateTime
from app.model_registry import metadata


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as plain SQL types, so that a migration needs no model."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    # Locks are held for one step and not for all; on SQLite nobody works meanwhile, and all or
    # nothing is better.
    transaction_per_migration=connection.dialect.name == "postgresql",
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
