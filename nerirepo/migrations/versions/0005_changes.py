"""Which transaction last changed a report, or that somebody follows it: the order of the apps' delta feed."""

import sqlalchemy as sa
from alembic import op

from nerirepo.database.columns import Xid8

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

THIS_TRANSACTION = sa.text("pg_current_xact_id()")


def upgrade() -> None:
    for table in ("report", "follow"):
        op.add_column(table, sa.Column("changed_by", Xid8(), server_default=THIS_TRANSACTION, nullable=False))
    op.create_table(
        "unfollowed",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", Xid8(), server_default=THIS_TRANSACTION, nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.ForeignKeyConstraint(["reporter_id"], ["reporter.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("report_id", "reporter_id"),
    )
    op.create_index(op.f("ix_unfollowed_reporter_id"), "unfollowed", ["reporter_id"])
    # In the database, so that no way of changing a report, now or later, can be missed by an app.
    op.execute(
        """
        CREATE FUNCTION say_which_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.changed_by := pg_current_xact_id();
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER report_says_which_transaction BEFORE UPDATE ON report
        FOR EACH ROW EXECUTE FUNCTION say_which_transaction()
        """
    )
    op.drop_column("report_event", "written_by")


def downgrade() -> None:
    op.add_column(
        "report_event", sa.Column("written_by", Xid8(), server_default=THIS_TRANSACTION, nullable=False)
    )
    op.execute("DROP TRIGGER report_says_which_transaction ON report")
    op.execute("DROP FUNCTION say_which_transaction")
    op.drop_table("unfollowed")
    for table in ("follow", "report"):
        op.drop_column(table, "changed_by")
