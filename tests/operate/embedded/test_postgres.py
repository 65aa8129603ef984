import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from operate.embedded import postgres
from operate.supervising.process import Child


@pytest.fixture
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("cluster") / "postgres"


def ask(url: str, statement: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement.encode()).fetchone()
        return row[0] if row else None


def until(condition, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def test_data_is_there_again_after_a_stop(folder):
    with postgres.running(folder) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    with postgres.running(folder) as url:
        assert ask(url, "SELECT one FROM kept") == 1


def test_the_cluster_is_durable_and_finds_japanese(folder):
    with postgres.running(folder) as url:
        assert {ask(url, f"SHOW {each}") for each in ("fsync", "full_page_writes", "synchronous_commit")} == {
            "on"
        }
        assert ask(url, "SELECT cardinality(show_trgm('街路灯'))") == 4
        assert str(ask(url, "SELECT postgis_version()"))


def test_neither_role_is_a_superuser(folder):
    with postgres.running(folder):
        for role in (postgres.OWNER, postgres.READER):
            assert ask(postgres.url(folder, role), "SHOW is_superuser") == "off"
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
            ask(postgres.url(folder, postgres.READER), "CREATE TABLE public.mine AS SELECT 1")


def test_a_server_that_was_killed_starts_again_even_when_its_pid_belongs_to_somebody_else(folder):
    postgres.prepare(folder)
    server = postgres.child(folder)
    server.start()
    server.wait_until(lambda: postgres.accepts(folder))
    assert server.process
    # Kill all of it at once, as a power cut does.
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()
    pid_file = folder / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    with postgres.running(folder) as url:
        assert ask(url, "SELECT 1") == 1


def test_the_server_ends_cleanly_when_its_starter_is_killed(folder):
    story = f"""
import time
from pathlib import Path
from operate.embedded import postgres
with postgres.running(Path({str(folder)!r})):
    print("running", flush=True)
    time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", story], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        assert starter.stdout.readline() == "running\n"
        starter.kill()
    until(lambda: not (folder / "data" / "postmaster.pid").exists())
    assert "database system is shut down" in (folder / "log").read_text()


def test_an_interrupted_initdb_does_not_pass_for_a_cluster(folder):
    (folder / "data.unfinished").mkdir(parents=True)
    (folder / "data.unfinished" / "PG_VERSION").write_text("15\n")
    with postgres.running(folder) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_very_long_path_gets_a_short_socket(tmp_path_factory):
    folder = tmp_path_factory.mktemp("long") / ("道" * 30) / "postgres"
    with postgres.running(folder) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_child_that_fails_to_start_says_why(tmp_path):
    child = Child("cat", ["cat", "/nonexistent"], log=tmp_path / "log")
    child.start()
    with pytest.raises(Exception, match="No such file"):
        child.wait_until(lambda: False)
