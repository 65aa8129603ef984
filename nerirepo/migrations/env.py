# pyright: basic
# Alembic's and geoalchemy2's helpers have no types.
"""Alembic's entry: runs each step in its own transaction, and compares them with the tables on request."""

from typing import Any

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine, pool, text
from sqlalchemy.dialects.postgresql.base import ischema_names

from nerirepo.database.columns import Xid8
from nerirepo.migrations.migrate import LOCK_TIMEOUT, ONE_AT_A_TIME
from nerirepo.tables import METADATA

ischema_names["xid8"] = Xid8  # so that reflection knows it

SCHEMAS = (None, "public", "published")


def ours(obj: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """PostGIS' own tables, and the queue's, are not ours to compare."""
    if kind == "table" and reflected and name in ("spatial_ref_sys", "alembic_version"):
        return False
    return alembic_helpers.include_object(obj, name, kind, reflected, compare_to)


def main() -> None:
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ONE_AT_A_TIME})
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            transaction_per_migration=True,
            include_schemas=True,
            include_name=lambda name, kind, _parents: kind != "schema" or name in SCHEMAS,
            include_object=ours,
            process_revision_directives=alembic_helpers.writer,
            render_item=alembic_helpers.render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


main()
