"""A database's URL may name several hosts, of which the first that fits is used."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from nerirepo.base.settings import settings
from nerirepo.database import db, sql
from nerirepo.migrations.migrate import is_current
from operate.commands.psql import psql
from operate.embedded import postgres
from operate.supervising.process import free_port
from workers.run import opened


def forget() -> None:
    for engine in (db.engine, db.public_engine):
        engine().dispose()
    for cached in (settings, db.engine, db._reading_engine, db.public_engine):
        cached.cache_clear()


HOSTS = {
    "in front": "postgresql://{role}@127.0.0.1:{dead},{folder}:5432/nerirepo?{more}",
    "behind": "postgresql://{role}@{folder}:5432,127.0.0.1:{dead}/nerirepo?{more}",
    "as parameters": "postgresql://{role}@/nerirepo?host=127.0.0.1,{folder}&port={dead},5432&{more}",
}
MORE = "target_session_attrs=read-write&connect_timeout=3"


@pytest.fixture(params=HOSTS.values(), ids=HOSTS.keys())
def one_is_dead(
    request: pytest.FixtureRequest, database: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    folder = quote(str(postgres._sockets(database / "postgres")), safe="")
    dead = free_port()
    for name, role, more in (
        ("DATABASE_URL", postgres.OWNER, MORE),
        ("PUBLIC_DATABASE_URL", postgres.READER, "connect_timeout=3"),
    ):
        url = request.param.format(role=role, folder=folder, dead=dead, more=more)
        monkeypatch.setenv(f"NERIREPO_{name}", url)
    forget()
    yield
    forget()
    monkeypatch.undo()
    forget()


@pytest.mark.usefixtures("one_is_dead")
def test_everything_that_reads_the_url_finds_the_one_that_lives(capfd: pytest.CaptureFixture[str]) -> None:
    with db.transaction() as session:
        assert sql.first(session, "SELECT current_user AS name").name == postgres.OWNER
    with db.reading() as session:
        assert sql.first(session, "SHOW search_path")[0] == db.SCHEMAS
    with db.public_reading() as session:
        assert sql.first(session, "SELECT current_user AS name").name == postgres.READER
    assert is_current()

    async def story() -> None:
        line = await db.public_connection()
        await line.close()
        async with opened() as app:
            assert await app.check_connection_async()

    asyncio.run(story())
    assert psql(["-Atc", "SELECT current_user"]) == 0
    assert capfd.readouterr().out == f"{postgres.OWNER}\n"


@pytest.mark.parametrize(
    ("url", "known"),
    [
        (
            "postgresql://u:p%40@a:5432,b/db?sslmode=require",
            {"host": "a,b", "port": "5432,", "password": "p@"},
        ),
        ("postgresql://u@[::1]:5433/db", {"host": "::1", "port": "5433", "user": "u"}),
        ("host=a,b dbname=db target_session_attrs=any", {"host": "a,b", "target_session_attrs": "any"}),
    ],
)
def test_nothing_of_a_url_is_lost_on_its_way(url: str, known: dict[str, str]) -> None:
    made = db.sqlalchemy_url(url)
    _, given = made.get_dialect()().create_connect_args(made)
    assert {name: given.get(name) for name in known} == known
    assert "p@" not in str(made)


def test_how_long_to_wait_the_url_may_say() -> None:
    assert db.line_options("postgresql://a/b?connect_timeout=2", "public")["connect_timeout"] == "2"
    assert db.line_options("postgresql://a/b", "public")["connect_timeout"] == db.SECONDS_TO_CONNECT


def test_a_server_that_may_not_be_written_is_passed_by(database: Path) -> None:
    url = f"{postgres.url(database / 'postgres', postgres.READER)}&target_session_attrs=read-write"
    with pytest.raises(psycopg.OperationalError, match="read-only"):
        psycopg.connect(url, **db.line_options(url, "public"))
