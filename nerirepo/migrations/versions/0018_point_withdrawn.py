"""A point that the desk hides is gone from the public copy in the desk's own transaction."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In the database, as hiding itself is: nothing that hides a point can forget the public copy.
    op.execute(
        """
        CREATE FUNCTION withdraw_point() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE published.report
                SET point = NULL, map_x = NULL, map_y = NULL, cell = NULL, changed_at = now()
                WHERE id = NEW.id AND point IS NOT NULL;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER point_is_hidden AFTER UPDATE OF hides_point ON report
        FOR EACH ROW WHEN (NEW.hides_point AND NOT OLD.hides_point) EXECUTE FUNCTION withdraw_point()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER point_is_hidden ON report")
    op.execute("DROP FUNCTION withdraw_point")
