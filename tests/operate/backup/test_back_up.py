"""The drill: a copy is made while people post and staff work, somebody deletes what they must not while all
go on, and it comes back as it was one second before. docs/runbook.md, 6, is the same for a person."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.checker import check
from tests.faults.ledger import Ledger
from tests.faults.load import load
from tests.faults.service import Service, eventually, running
from tests.operate.supervising.test_up import NERIREPO, nerirepo

ACCIDENT = """
    BEGIN;
    SET LOCAL session_replication_role = replica; -- as a superuser's script might, past all that guards it
    DELETE FROM report_event;
    DELETE FROM report_submission;
    DELETE FROM report_original;
    DELETE FROM report;
    COMMIT;
"""


@contextmanager
def archiving(service: Service, folder: Path) -> Iterator[None]:
    command = [*NERIREPO, "backup", "wal", str(folder)]
    with subprocess.Popen(command, env=service.environment, stdout=subprocess.DEVNULL) as process:
        try:
            eventually(lambda: list((folder / "wal").glob("0*")), "changes are archived")
            yield
        finally:
            process.send_signal(signal.SIGTERM)


def everything_is_archived(service: Service) -> None:
    (now,) = service.rows("SELECT pg_current_wal_lsn()::text AS lsn")
    behind = "SELECT coalesce(bool_and(flush_lsn >= %s::pg_lsn), false) AS done FROM pg_stat_replication"
    eventually(lambda: service.rows(behind, now["lsn"])[0]["done"], "the last change is archived")


def copied_pictures(service: Service, folder: Path) -> list[Path]:
    """Where those that the copy holds stand in the store, with the public ones among them."""
    copy, store = folder / "photos" / "published", service.home / "s3" / "objects" / "nerirepo-published"
    return [store / each.relative_to(copy) for each in copy.rglob("*.*") if each.is_file()]


def commanded(service: Service, *words: str) -> str:
    """What the command says; it has to succeed."""
    done = service.command(*words)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def letters_of_before(service: Service) -> None:
    """Forget the letters whose cause the restore has undone, and return the others' rows."""
    standing = {row["id"] for row in service.rows("SELECT id::text FROM delivery")}
    taken = service.post_office.taken
    taken[:] = [each for each in taken if each.message_id.partition("@")[0] in standing]


@pytest.mark.long
def test_what_was_deleted_under_load_comes_back_as_it_was_one_second_before(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("backup") / "copies"
    ledger = Ledger()
    with running() as service:
        with archiving(service, folder), load(service, ledger, seed=1) as phones:
            eventually(lambda: len(ledger.actions) > 5 and ledger.photos, "people are at work")
            assert "database: " in commanded(service, "backup", "run", str(folder))
            many = len(ledger.receipts) + 10
            eventually(lambda: len(ledger.receipts) > many, "a life after the copy")

            so_far = list(ledger.violations)
            deleted_at = datetime.now(UTC)
            with service.database() as database:
                database.execute(ACCIDENT.encode())
            for picture in copied_pictures(service, folder):
                picture.unlink()
            time.sleep(3)  # nobody has noticed yet, and all go on
            everything_is_archived(service)
            assert copied_pictures(service, folder)
            for phone in phones:
                phone.queue.clear()  # the accident's victims need not wait for it to be over
        assert so_far == []
        refused = service.command("restore", "all", str(folder))
        assert refused.returncode == 1
        assert "Already running" in refused.stderr
        service.stop()

        moment = deleted_at - timedelta(seconds=1)
        restored = commanded(service, "restore", "all", str(folder), "--at", moment.isoformat())
        assert "letters are held" in restored

        service.start()
        letters_of_before(service)
        told = ledger.until(moment)
        assert len(told.receipts) > 10
        # What was owed then may have left since, and leaves once more: only a person can decide that.
        told.letters_hit |= {
            row["id"]
            for row in service.rows("SELECT id::text FROM delivery WHERE state IN ('owed', 'sending')")
        }
        left = len(service.post_office.taken)
        assert "held since" in commanded(service, "mail", "show")
        assert service.command("check").returncode == 1
        time.sleep(3)
        assert len(service.post_office.taken) == left
        commanded(service, "mail", "release")
        check(service, told)
        assert "FAULT" not in commanded(service, "check")


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
