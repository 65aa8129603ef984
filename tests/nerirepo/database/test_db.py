"""Stories of the connections that a process keeps."""

from pathlib import Path

import psycopg
from sqlalchemy import text

from nerirepo.database import db
from operate.embedded import postgres


def test_connections_that_the_server_has_closed_meanwhile_are_told_to_nobody(database: Path) -> None:
    doors = (db.reading, db.public_reading, db.transaction)
    for door in doors:
        with door() as session:
            session.execute(text("SELECT 1"))
    with psycopg.connect(postgres.url(database / "postgres", postgres.SUPERUSER), autocommit=True) as server:
        ended = server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = ANY(%s)",
            [[postgres.OWNER, postgres.READER]],
        ).fetchall()
    assert len(ended) >= 2
    for door in doors:
        with door() as session:
            assert session.execute(text("SELECT 1")).scalar() == 1
