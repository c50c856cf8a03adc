"""Index the directory of organisations."""

import sqlalchemy as sa
from alembic import op

revision = "202611282210"
down_revision = "202611281921"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_organisations_city", "organisations")
    op.drop_index("ix_organisations_country", "organisations")
    op.drop_index("ix_organisations_kind", "organisations")
    op.create_index(
        "ix_organisations_kind", "organisations", ["kind", "country", "city", "verified_at"]
    )
    op.create_index("ix_organisations_lower_name", "organisations", [sa.text("lower(name)"), "id"])
    op.create_index("ix_counted_matches_score", "counted_matches", ["score"])


def downgrade() -> None:
    op.drop_index("ix_counted_matches_score", "counted_matches")
    op.drop_index("ix_organisations_lower_name", "organisations")
    op.drop_index("ix_organisations_kind", "organisations")
    op.create_index("ix_organisations_kind", "organisations", ["kind"])
    op.create_index("ix_organisations_country", "organisations", ["country", "verified_at"])
    op.create_index("ix_organisations_city", "organisations", ["city", "verified_at"])
