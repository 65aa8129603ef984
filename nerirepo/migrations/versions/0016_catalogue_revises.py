"""The revision tells of the ward and its categories, too: what apps ask for first is kept like pages are."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("ward", "category"):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_revises AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION published.revise()"
        )


def downgrade() -> None:
    for table in ("ward", "category"):
        op.execute(f"DROP TRIGGER {table}_revises ON {table}")
