"""Extensions, the schemas `published` and `jobs`, and the queue in the latter."""

from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy import text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for extension in ("postgis", "pg_trgm"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.execute("CREATE SCHEMA IF NOT EXISTS published")
    op.execute("CREATE SCHEMA IF NOT EXISTS jobs")
    op.execute("CREATE SEQUENCE report_number")
    # The queue's schema is written without names of schemas: it lands where the search path leads.
    op.execute("SET LOCAL search_path = jobs, public")
    op.get_bind().connection.cursor().execute(SchemaManager.get_schema())
    op.execute("SET LOCAL search_path = public")


def downgrade() -> None:
    op.execute(text("DROP SCHEMA jobs CASCADE"))
    op.execute(text("DROP SCHEMA published"))
    op.execute(text("DROP SEQUENCE report_number"))
