"""What a process has noticed stands where `nerirepo check` finds it: proxies, backups."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "noticed",
        sa.Column("what", sa.String(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("noticed")
