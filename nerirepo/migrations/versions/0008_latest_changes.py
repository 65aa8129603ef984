"""An index for feeds: what has changed last."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("published_report_changed", "report", ["changed_at", "id"], schema="published")


def downgrade() -> None:
    op.drop_index("published_report_changed", "report", schema="published")
