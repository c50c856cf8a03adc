"""Let counted matches know their home."""

import sqlalchemy as sa
from alembic import op

revision = "202611290157"
down_revision = "202611290102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("counted_matches", sa.Column("home_id", sa.Integer(), nullable=True))
    # Without this, clusters would find no matches until something changes and all is counted anew.
    op.execute(
        "UPDATE counted_matches SET home_id = (SELECT home_id FROM counted_challenges"
        " WHERE counted_challenges.challenge_id = counted_matches.challenge_id)"
    )
    op.create_index("ix_counted_matches_home_id", "counted_matches", ["home_id", "score"])


def downgrade() -> None:
    op.drop_index("ix_counted_matches_home_id", "counted_matches")
    op.drop_column("counted_matches", "home_id")
