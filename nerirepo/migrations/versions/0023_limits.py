"""Limits hold in any window, codes of staff are accepted once, and a sign-in knows who asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_log",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("moments", sa.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_rate_log_forget_at", "rate_log", ["forget_at"])
    op.add_column("challenge", sa.Column("has_letter", sa.Boolean(), nullable=False, server_default="true"))
    op.add_column("challenge", sa.Column("is_known", sa.Boolean(), nullable=False, server_default="false"))
    op.add_column("challenge", sa.Column("client", sa.String()))
    op.add_column("member", sa.Column("totp_step", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("member", "totp_step")
    for column in ("client", "is_known", "has_letter"):
        op.drop_column("challenge", column)
    op.drop_table("rate_log")
