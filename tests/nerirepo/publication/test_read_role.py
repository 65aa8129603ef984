from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from nerirepo.database.db import public_reading, reading
from operate.embedded import postgres

pytestmark = pytest.mark.usefixtures("database")


def tables(*schemas: str) -> list[str]:
    with reading() as session:
        found = session.execute(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                " WHERE schemaname = ANY(:schemas) AND tablename <> 'spatial_ref_sys'"
            ),
            {"schemas": list(schemas)},
        )
        return list(found.scalars())


def test_the_role_of_the_public_side_reads_every_published_table() -> None:
    with public_reading() as session:
        for table in tables("published"):
            session.execute(text(f"SELECT count(*) FROM {table}"))


def test_it_reads_no_other_table() -> None:
    others = tables("public", "jobs")
    assert "public.report_original" in others
    assert any(table.startswith("jobs.") for table in others)
    for table in others:
        with public_reading() as session, pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text(f"SELECT 1 FROM {table}"))


WRITES = [
    "DELETE FROM published.report",
    "UPDATE published.media SET bytes = 0",
    "CREATE TABLE published.x (y int)",
    "CREATE TABLE public.x (y int)",
    "CREATE TEMPORARY TABLE x (y int)",
    "CREATE SCHEMA x",
    "CREATE TABLE audit.x (y int)",
]
FUNCTIONS = [
    "lo_create(0)",
    "lo_creat(-1)",
    "lo_from_bytea(0, 'x')",
    "lo_put(1, 0, 'x')",
    "pg_advisory_lock(1)",
    "pg_advisory_xact_lock(1)",
    "pg_try_advisory_lock(1)",
    "pg_try_advisory_lock_shared(1, 2)",
    "pg_notify('procrastinate_queue_v1#default', '')",
    "audit.take_over()",
    "audit.give_back()",
    "audit_expire_disclosures(now())",
    "audit_clear_disclosure_reasons('{}')",
]


@pytest.mark.parametrize("statement", [*WRITES, *(f"SELECT {each}" for each in FUNCTIONS)])
def test_it_does_nothing_but_read(statement: str) -> None:
    """Nor when it lifts the limits that are its own to lift."""
    with public_reading() as session, pytest.raises(DBAPIError, match=r"permission denied|read-only"):
        session.execute(text(statement))
    with public_reading() as session:
        session.execute(text("SET default_transaction_read_only = off"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text(statement))
        session.connection().invalidate()  # what it has set goes with its connection


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("default_transaction_read_only", "on"),
        ("statement_timeout", "30s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("temp_file_limit", "1GB"),
    ],
)
def test_its_bounds_are_its_role_s_and_not_only_our_connections(
    database: Path, name: str, value: str
) -> None:
    with psycopg.connect(postgres.url(database / "postgres", postgres.READER)) as connection:
        assert connection.execute(f"SHOW {name}".encode()).fetchone() == (value,)


def test_it_leaves_connections_to_the_others(database: Path) -> None:
    with reading() as session:
        limit = session.execute(
            text("SELECT rolconnlimit FROM pg_roles WHERE rolname = 'nerirepo_public'")
        ).scalar_one()
        most = session.execute(text("SELECT current_setting('max_connections')::int")).scalar_one()
    assert 0 < limit < most
