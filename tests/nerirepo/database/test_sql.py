"""Stories of statements written by hand: they are the session's, and fail as its own do."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.database import db, sql
from operate.embedded import postgres

COUNT = "INSERT INTO rate_count (key, began_at, happened) VALUES (:key, :now, 1)"
CANARY = "hanako.canary@example.jp"

Door = Callable[[], AbstractContextManager[Session]]


def count(session: Session, key: str = CANARY) -> int:
    return sql.run(session, COUNT, {"key": key, "now": clock.now()})


def keys() -> list[str]:
    with db.reading() as session:
        return [row.key for row in sql.rows(session, "SELECT key FROM rate_count ORDER BY key")]


def test_a_row_is_read_by_its_names_whatever_is_in_the_statement(database: Path) -> None:
    with db.reading() as session:
        row = sql.first(
            session,
            r"SELECT CAST(:said AS jsonb) AS said, 'a%b' LIKE :like AS alike, 7 % 4 AS rest, '\:a' AS colon",
            {"said": Jsonb({"words": "暗い"}), "like": "a%"},
        )
        assert (row.said, row.alike, row.rest, row.colon) == ({"words": "暗い"}, True, 3, ":a")
        assert sql.first(session, "SELECT 1 AS one WHERE false") is None
        assert sql.rows(session, "SELECT 1 AS one WHERE false") == []


def test_it_stands_or_falls_with_the_session(database: Path) -> None:
    with suppress(ZeroDivisionError), db.transaction() as session:
        assert count(session) == 1
        raise ZeroDivisionError
    assert keys() == []
    with db.transaction() as session:
        count(session)
    assert keys() == [CANARY]


def test_what_fails_is_one_of_sqlalchemy_s_errors_and_holds_nobody_s_values(database: Path) -> None:
    with db.transaction() as session:
        count(session)
        with pytest.raises(IntegrityError) as refused:
            count(session)
        session.rollback()
    assert isinstance(refused.value.orig, psycopg.errors.UniqueViolation)
    assert refused.value.params is None
    with db.reading() as session, pytest.raises(ProgrammingError):
        sql.rows(session, "SELECT * FROM nowhere")
    assert keys() == []


@pytest.mark.parametrize("door", [db.reading, db.public_reading, db.transaction])
def test_a_connection_that_breaks_is_given_to_nobody_again(database: Path, door: Door) -> None:
    def backend(session: Session) -> int:
        return sql.first(session, "SELECT pg_backend_pid() AS pid").pid

    url = postgres.url(database / "postgres", postgres.SUPERUSER)
    with psycopg.connect(url, autocommit=True) as server, door() as session:
        before = backend(session)
        server.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
        with pytest.raises(OperationalError) as lost:
            backend(session)
        assert lost.value.connection_invalidated
        session.rollback()
    with door() as session:
        assert backend(session) != before
