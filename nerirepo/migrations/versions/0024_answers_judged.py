"""Feedback tells whether an answer helped; what was never repaired is not confirmed as fixed any more.

What people have said stays; only what was concluded from it is put right, and in the public copies, too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feedback", sa.Column("helped", sa.Boolean(), nullable=True))
    op.execute(
        "UPDATE report SET confirmed_fixed_at = NULL"
        " WHERE status <> 'resolved' AND confirmed_fixed_at IS NOT NULL"
    )
    op.execute(
        "UPDATE published.report SET confirmed_fixed_at = NULL, glad_count = 0, changed_at = now()"
        " WHERE status <> 'resolved' AND (confirmed_fixed_at IS NOT NULL OR glad_count > 0)"
    )


def downgrade() -> None:
    op.drop_column("feedback", "helped")
