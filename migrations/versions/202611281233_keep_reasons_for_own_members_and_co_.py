"""Keep reasons for own members and co signatures."""

import sqlalchemy as sa
from alembic import op

revision = "202611281233"
down_revision = "202611281227"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "co_signatures",
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges.id"],
            name=op.f("fk_co_signatures_challenge_id_challenges"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_co_signatures")),
    )
    op.create_table(
        "share_reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("listed_members", sa.Integer(), nullable=False),
        sa.Column("listed_total", sa.Integer(), nullable=False),
        sa.Column("pool_members", sa.Integer(), nullable=False),
        sa.Column("pool_total", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges.id"],
            name=op.f("fk_share_reasons_challenge_id_challenges"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_reasons")),
    )
    with op.batch_alter_table("share_reasons", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_share_reasons_challenge_id"), ["challenge_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("share_reasons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_share_reasons_challenge_id"))
    op.drop_table("share_reasons")
    op.drop_table("co_signatures")
