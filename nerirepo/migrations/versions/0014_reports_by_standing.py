"""The desk's open reports are found without looking at all that ever were closed."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("report_standing", "report", ["status", "received_at"])


def downgrade() -> None:
    op.drop_index("report_standing", "report")
