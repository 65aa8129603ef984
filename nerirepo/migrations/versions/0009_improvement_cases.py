"""Whether the desk shows a report as an improvement case."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SCHEMAS = ("public", "published")


def upgrade() -> None:
    for schema in _SCHEMAS:
        featured = sa.Column("is_featured", sa.Boolean(), nullable=False, server_default=sa.false())
        op.add_column("report", featured, schema=schema)


def downgrade() -> None:
    for schema in _SCHEMAS:
        op.drop_column("report", "is_featured", schema=schema)
