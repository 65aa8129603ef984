"""The drill: a copy is made while people write, somebody deletes what they must not, and it comes back."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from operate.embedded import postgres
from operate.process import free_port
from tests.operate.test_up import NERIREPO, all_ended, environment, nerirepo, service

LOST = "DELETE FROM challenge"


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


@contextmanager
def archiving(home: Path, folder: Path) -> Iterator[None]:
    command = [*NERIREPO, "backup", "wal", str(folder)]
    with subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL) as process:
        try:
            until(lambda: list((folder / "wal").glob("0*")))
            yield
        finally:
            process.send_signal(signal.SIGTERM)


class Load(threading.Thread):
    """People sign in all the time. `told` are the ids whose commit was acknowledged, and when."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url, self._over = url, threading.Event()
        self.told: list[tuple[str, datetime]] = []

    def run(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._over.wait(0.02):
                self.told.append((_sign_in(connection), datetime.now(UTC)))

    def stop(self) -> None:
        self._over.set()
        self.join()


def _sign_in(connection: psycopg.Connection) -> str:
    challenge = str(uuid4())
    connection.execute(
        "INSERT INTO challenge (id, email, locale, created_at, expires_at, tries)"
        " VALUES (%s, 'hanako@example.jp', 'ja', now(), now() + interval '10 minutes', 0)",
        [challenge],
    )
    return challenge


def owe_a_letter(url: str) -> None:
    """As it stood when the copy was made: nobody knows any more whether it was sent."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO delivery (id, cause_kind, cause_id, channel, recipient_kind, recipient_id, address,"
            " template, locale, facts, state, tries, created_at, next_try_at) SELECT gen_random_uuid(),"
            " 'digest', 'drill', 'mail', 'department', code, 'roads@example.jp', 'digest', 'ja', '{}',"
            " 'owed', 0, now(), now() + interval '1 hour' FROM department WHERE code = 'roads'"
        )


def sign_ins(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {str(row[0]) for row in connection.execute("SELECT id FROM challenge")}


def objects(home: Path) -> set[str]:
    return {each.name for each in (home / "s3" / "objects").rglob("*") if each.is_file()}


@pytest.mark.long
def test_what_was_deleted_comes_back_as_it_was_one_second_before(tmp_path_factory):
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("backup") / "copies"
    url = postgres.url(home / "postgres")
    picture = home / "s3" / "objects" / "nerirepo-private" / "photos" / "one" / "original"
    with service(home, free_port()) as running:
        load = Load(url)
        load.start()
        with archiving(home, folder):
            picture.parent.mkdir(parents=True)
            picture.write_bytes(b"\xff\xd8\xff picture")
            copied = nerirepo(home, "backup", "run", str(folder))
            assert copied.returncode == 0, copied.stderr
            owe_a_letter(url)
            begun = datetime.now(UTC)
            until(lambda: load.told[-1][1] > begun + timedelta(seconds=2))  # a life after the copy
            load.stop()
            with psycopg.connect(url, autocommit=True) as connection:
                until(lambda: datetime.now(UTC) > load.told[-1][1] + timedelta(seconds=1.5))
                deleted_at = datetime.now(UTC)
                connection.execute(LOST.encode())
                picture.unlink()
                last = connection.execute("SELECT pg_current_wal_lsn()").fetchone()
            with psycopg.connect(postgres.url(home / "postgres", postgres.SUPERUSER)) as watching:
                behind = "SELECT bool_and(flush_lsn >= %s) FROM pg_stat_replication"
                until(lambda: watching.execute(behind, last).fetchone() == (True,))
        refused = nerirepo(home, "restore", "all", str(folder))
        assert refused.returncode == 1
        assert "Already running" in refused.stderr
        running.send_signal(signal.SIGTERM)
        running.wait(30)
    assert all_ended(home)
    assert objects(home) == set()

    moment = (deleted_at - timedelta(seconds=1)).isoformat()
    restored = nerirepo(home, "restore", "all", str(folder), "--at", moment)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "letters are held" in restored.stdout

    with service(home, free_port()):
        assert sign_ins(url) == {challenge for challenge, _ in load.told}
        assert "original" in objects(home)
        shown = nerirepo(home, "mail", "show").stdout
        assert "held since" in shown
        assert "1 owed: digest" in shown
        assert nerirepo(home, "check").returncode == 1
        released = nerirepo(home, "mail", "release", "--drop-owed")
        assert "1 go unsent" in released.stdout
        checked = nerirepo(home, "check")
        assert checked.returncode == 0, checked.stdout


@pytest.mark.long
def test_a_copy_that_is_not_whole_is_refused_and_what_stands_is_not_touched(tmp_path_factory):
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("backup") / "copies"
    assert nerirepo(home, "seed").returncode == 0
    assert nerirepo(home, "restore", "all", str(folder)).stderr.startswith("nerirepo:")
    copied = nerirepo(home, "backup", "run", str(folder))
    assert copied.returncode == 0, copied.stderr
    assert "restores to this moment only" in copied.stdout

    early = nerirepo(home, "restore", "all", str(folder), "--at", "2020-01-01T00:00:00Z")
    assert "holds no base that was complete at" in early.stderr
    assert nerirepo(home, "restore", "all", str(folder), "--at", "2020-01-01").returncode == 2

    (base,) = (folder / "base").iterdir()
    victim = max((base / "base").rglob("*"), key=lambda each: each.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-8192])
    broken = nerirepo(home, "restore", "all", str(folder))
    assert broken.returncode == 1
    assert "pg_verifybackup failed" in broken.stderr
    assert not list((home / "postgres").glob("data.before*"))
    assert json.loads((home / "secrets.json").read_text())
    assert nerirepo(home, "check").returncode == 0
