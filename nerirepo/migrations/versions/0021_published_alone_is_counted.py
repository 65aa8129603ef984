"""Numbers that counted unpublished reports are taken away; they are counted anew within minutes."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM published.tally")


def downgrade() -> None:
    op.execute("DELETE FROM published.tally")
