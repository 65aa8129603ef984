"""An upgrade beside a service at work waits for its locks in short pieces, and lets readers by."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from alembic import command

from nerirepo.migrations.migrate import Blocked, configuration, is_current, upgrade
from operate.embedded import postgres


@pytest.fixture
def older(parts: Path) -> Iterator[str]:
    """The URL of a database that is a few steps behind."""
    superuser = postgres.url(parts / "postgres", postgres.SUPERUSER, "postgres")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CREATE DATABASE older OWNER nerirepo")
    try:
        url = postgres.url(parts / "postgres", database="older")
        upgrade(url)
        command.downgrade(configuration(url), "0018")
        yield url
    finally:
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute("DROP DATABASE older WITH (FORCE)")


def test_it_says_for_whom_it_waits_and_goes_on_when_they_have_ended(older: str) -> None:
    said: list[str] = []
    with psycopg.connect(older) as somebody:  # as a dump does: it reads, and does not end
        somebody.execute("SELECT count(*) FROM report")
        pid = somebody.info.backend_pid

        def listen(words: str) -> None:
            said.append(words)
            with psycopg.connect(older, options="-c lock_timeout=1s") as reader:
                assert reader.execute("SELECT count(*) FROM report").fetchone() == (0,)
            somebody.rollback()

        upgrade(older, listen)
    assert is_current(older)
    assert len(said) == 1
    assert f"pid {pid} " in said[0]
    assert "SELECT" not in said[0]


def test_it_gives_up_with_words_and_leaves_nothing_half_done(older: str) -> None:
    with psycopg.connect(older) as somebody:
        somebody.execute("SELECT count(*) FROM report")
        with pytest.raises(Blocked, match=f"pid {somebody.info.backend_pid}"):
            upgrade(older, pytest.fail, at_most=timedelta(0))
    assert not is_current(older)
    upgrade(older, pytest.fail)
    assert is_current(older)
