"""Beside each number of the statistics, how many of its reports are published."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    published = sa.Column("published", JSONB(), nullable=False, server_default=sa.text("'{}'"))
    op.add_column("tally", published, schema="published")


def downgrade() -> None:
    op.drop_column("tally", "published", schema="published")
