"""What the database itself keeps: an append-only history, withdrawal at once, and a role that reads no more
than what is published."""

from alembic import op

from nerirepo.base.settings import settings
from nerirepo.database.db import sqlalchemy_url

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'report_event is append-only';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER history_is_append_only BEFORE UPDATE OR DELETE ON report_event
        FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history()
        """
    )
    # In the database, so that no way of hiding a report, now or later, can forget the public copy.
    op.execute(
        """
        CREATE FUNCTION withdraw_from_public() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO published.withdrawn (id, number, media_prefix, withdrawn_at)
                SELECT id, number, media_prefix, now() FROM published.report WHERE id = NEW.id
                ON CONFLICT (id) DO UPDATE
                    SET media_prefix = excluded.media_prefix, withdrawn_at = excluded.withdrawn_at;
            DELETE FROM published.report WHERE id = NEW.id;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER report_stops_being_public AFTER UPDATE OF visibility ON report
        FOR EACH ROW WHEN (OLD.visibility = 'public' AND NEW.visibility <> 'public')
        EXECUTE FUNCTION withdraw_from_public()
        """
    )
    role = sqlalchemy_url(settings().public_database_url).username
    op.execute(f'GRANT USAGE ON SCHEMA published TO "{role}"')
    op.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA published TO "{role}"')
    op.execute(f'ALTER DEFAULT PRIVILEGES IN SCHEMA published GRANT SELECT ON TABLES TO "{role}"')


def downgrade() -> None:
    role = sqlalchemy_url(settings().public_database_url).username
    op.execute(f'ALTER DEFAULT PRIVILEGES IN SCHEMA published REVOKE SELECT ON TABLES FROM "{role}"')
    op.execute(f'REVOKE ALL ON ALL TABLES IN SCHEMA published FROM "{role}"')
    op.execute(f'REVOKE ALL ON SCHEMA published FROM "{role}"')
    op.execute("DROP TRIGGER report_stops_being_public ON report")
    op.execute("DROP FUNCTION withdraw_from_public")
    op.execute("DROP TRIGGER history_is_append_only ON report_event")
    op.execute("DROP FUNCTION refuse_to_change_history")
