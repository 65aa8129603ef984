"""The oldest reports that are still open are found without walking past all that were closed since."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE INDEX report_open ON report (received_at, id)
        WHERE status IN ('checking', 'in_progress', 'received')
        """
    )


def downgrade() -> None:
    op.execute("DROP INDEX report_open")
