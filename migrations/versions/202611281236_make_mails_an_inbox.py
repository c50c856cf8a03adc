"""Make mails an inbox."""

import sqlalchemy as sa
from alembic import op

revision = "202611281236"
down_revision = "202611281235"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("address", "day", name=op.f("uq_digests_address")),
    )
    op.create_table(
        "message_preferences",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("frequency", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", "kind", name=op.f("pk_message_preferences")),
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.add_column(sa.Column("why", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("link", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("topic", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("topic_lang", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("about", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(
            sa.Column("mail_only", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("digest_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("dropped_because", sa.String(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_mails_digest", ["to_address", "digest_on"], unique=False)
        batch_op.create_index(
            "ix_mails_inbox", ["to_address", "mail_only", "read_at"], unique=False
        )

    _take_letters_apart()


def _take_letters_apart() -> None:
    """Make inbox messages of what went out whole.

    They count as read, what stands around a letter goes, and no inbox shows the links with which
    an account is taken.
    """
    mails = sa.table(
        "mails",
        sa.column("id", sa.Integer),
        sa.column("kind", sa.String),
        sa.column("text", sa.String),
        sa.column("html", sa.String),
        sa.column("why", sa.String),
        sa.column("mail_only", sa.Boolean),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("read_at", sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    connection.execute(mails.update().values(read_at=mails.c.created_at))
    secret = mails.c.kind.in_(["accounts.confirm", "accounts.reset_password"])
    connection.execute(mails.update().where(secret).values(mail_only=True))
    for row in connection.execute(sa.select(mails.c.id, mails.c.text, mails.c.html)).all():
        text, _, below = row.text.rpartition("\n--\n")
        body = row.html.partition("<body>")[2].rpartition("<hr>")[0]
        if text and body:
            whole = {
                "text": text.strip(),
                "html": body.strip(),
                "why": " ".join(below.removesuffix("Quaylink").split()),
            }
            connection.execute(mails.update().where(mails.c.id == row.id).values(**whole))


def downgrade() -> None:
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_index("ix_mails_inbox")
        batch_op.drop_index("ix_mails_digest")
        batch_op.drop_column("read_at")
        batch_op.drop_column("dropped_because")
        batch_op.drop_column("digest_on")
        batch_op.drop_column("mail_only")
        batch_op.drop_column("about")
        batch_op.drop_column("topic_lang")
        batch_op.drop_column("topic")
        batch_op.drop_column("link")
        batch_op.drop_column("why")

    op.drop_table("message_preferences")
    op.drop_table("digests")
