"""From a copy back to a PostgreSQL of the ward's own: docs/runbook.md, 6, "of your own or in a container"."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from operate.embedded import postgres
from tests.faults.service import eventually
from tests.operate import own_database
from tests.operate.supervising.test_up import NERIREPO, environment


def nerirepo(settings: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([*NERIREPO, *arguments], env=settings, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


@contextmanager
def archiving(settings: dict[str, str], folder: Path) -> Iterator[None]:
    """The archive may be started before the database: it waits."""
    with subprocess.Popen([*NERIREPO, "backup", "wal", str(folder)], env=settings) as process:
        try:
            yield
        finally:
            process.terminate()


def begun(folder: Path) -> None:
    eventually(lambda: list((folder / "wal").glob("0*")), "changes are archived")


def write(server: Path, word: str) -> None:
    with psycopg.connect(postgres.url(server)) as connection:
        connection.execute(
            "UPDATE department SET names = jsonb_set(names, '{en}', to_jsonb(%s::text))", [word]
        )


def words(server: Path) -> set[str]:
    with psycopg.connect(postgres.url(server)) as connection:
        return {row[0] for row in connection.execute("SELECT names->>'en' FROM department")}


def everything_is_archived(server: Path) -> None:
    superuser = postgres.url(server, postgres.SUPERUSER)
    with psycopg.connect(superuser, autocommit=True) as connection:
        last = connection.execute("SELECT pg_current_wal_lsn()").fetchone()
        there = "SELECT bool_and(flush_lsn >= %s) FROM pg_stat_replication"
        eventually(
            lambda: connection.execute(there, last).fetchone() == (True,), "the last change is archived"
        )


@pytest.mark.long
def test_a_server_of_the_ward_s_own_comes_back_twice_each_time_as_it_was_at_its_moment(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home, copies = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("backup") / "copies"
    first, second, third = (tmp_path_factory.mktemp(name) / "postgres" for name in ("one", "two", "three"))
    kept = own_database.secrets(tmp_path_factory.mktemp("secrets") / "secrets")

    def at(server: Path) -> dict[str, str]:
        return environment(home) | own_database.urls(server)

    with archiving(at(first), copies), own_database.running(first):
        own_database.first_start(first, kept)
        nerirepo(at(first), "seed")
        begun(copies)
        nerirepo(at(first), "backup", "run", str(copies))
        write(first, "good")
        moment = datetime.now(UTC)
        write(first, "bad")
        everything_is_archived(first)

    nerirepo(
        at(second),
        "restore",
        "database",
        str(copies),
        "--into",
        str(second / "data"),
        "--at",
        moment.isoformat(),
    )
    with own_database.running(second):
        eventually(lambda: _is_open(second), "the log is replayed")
        assert words(second) == {"good"}
        assert "letters are held" in nerirepo(at(second), "restore", "finish", str(copies))
        assert "held since" in nerirepo(at(second), "mail", "show")
        later = copies.with_name("later")
        with archiving(at(second), later):
            begun(later)
            nerirepo(at(second), "backup", "run", str(later))
            write(second, "better")
            everything_is_archived(second)

    # Once more, from a copy of what was itself restored, and to its end.
    nerirepo(at(third), "restore", "database", str(later), "--into", str(third / "data"))
    with own_database.running(third):
        eventually(lambda: _is_open(third), "the log is replayed")
        assert words(third) == {"better"}


def _is_open(server: Path) -> bool:
    with psycopg.connect(postgres.url(server, postgres.SUPERUSER)) as connection:
        return connection.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,)
