import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from nerirepo.db import public_reading, reading

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


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM published.report",
        "UPDATE published.media SET bytes = 0",
        "CREATE TABLE published.x (y int)",
    ],
)
def test_it_changes_nothing(change: str) -> None:
    with public_reading() as session, pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text(change))


def test_it_creates_nothing_anywhere() -> None:
    with public_reading() as session, pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("CREATE TABLE public.x (y int)"))
