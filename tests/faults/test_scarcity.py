"""Stories of what runs out: connections, locks, and room on the disk."""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from operate.embedded import postgres
from tests.faults.checker import check
from tests.faults.client import a_photograph
from tests.faults.ledger import Ledger
from tests.faults.load import load
from tests.faults.phone import Phone
from tests.faults.seeds import with_seeds
from tests.faults.service import Service, again_and_again, eventually, running

pytestmark = pytest.mark.long

MANY = 80
"""Requests at once: twice as many as two processes work on."""
HELD = float(os.environ.get("FAULTS_HELD", "35"))
"""Seconds that a lock is held: longer than a statement may wait for it. The full measure is 60."""


@with_seeds
def test_a_lock_that_is_held_for_long_delays_and_loses_nothing(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with load(service, ledger, seed):
        eventually(lambda: len(ledger.receipts) > 5, "traffic")
        with service.database() as database, database.transaction():
            database.execute("LOCK TABLE report_submission IN ACCESS EXCLUSIVE MODE")
            time.sleep(HELD)
        before = len(ledger.receipts)
        eventually(lambda: len(ledger.receipts) > before + 5, "traffic again")
    check(service, ledger)


def test_more_requests_than_connections_are_answered_honestly(service: Service, ledger: Ledger) -> None:
    """All that a process has wait for a lock; the others wait outside, and are told to come back."""
    phone = Phone(service, ledger, "waiting")
    phones = [Phone.of(phone, service) for _ in range(MANY)]
    items = [phone.write() for _ in phones]
    with service.database() as database, database.transaction():
        database.execute("LOCK TABLE report_submission IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(MANY) as pool:
            answers = [
                each
                for each in pool.map(lambda pair: pair[0].send(pair[1]), zip(phones, items, strict=True))
                if each is not None
            ]
            assert {each.status_code for each in answers} <= {503}
            health = phone.call("GET", "/health/live")
            assert health is not None
            assert health.status_code == 200
    while phone.queue:
        eventually(phone.send_oldest, "what could not be sent")
    check(service, ledger)


@with_seeds
def test_a_database_that_lets_nobody_in_any_more_is_said_honestly(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with load(service, ledger, seed):
        eventually(lambda: len(ledger.receipts) > 5, "traffic")
        with every_connection_taken(service):
            eventually(lambda: ledger.answers[503] > 5, "honest answers")
        before = len(ledger.receipts)
        eventually(lambda: len(ledger.receipts) > before + 5, "traffic again")
    check(service, ledger)


@contextmanager
def every_connection_taken(service: Service) -> Iterator[None]:
    """Of the service's roles, also those that it had; the superuser's few are left."""
    url = postgres.url(service.home / "postgres")
    with ExitStack() as ours:
        taken: list[int] = []

        def take() -> None:
            service.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename LIKE 'nerirepo%%' AND NOT pid = ANY(%s)",
                taken,
            )
            with suppress(psycopg.OperationalError):
                while True:
                    connection = ours.enter_context(psycopg.connect(url, autocommit=True))
                    taken.append(connection.info.backend_pid)

        with again_and_again(take):
            yield


# --- the disk ---------------------------------------------------------------------------------------

PLACES = {"pg_wal": "postgres/data/pg_wal", "base": "postgres/data/base", "work": "run/work"}
"""What may lie on a disk of its own, below the data folder."""


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of a few hundred megabytes, empty. script/test mounts it where it may."""
    if "FAULTS_SMALL_DISK" not in os.environ:
        pytest.skip("no small disk: script/test --all mounts one, where root runs it")
    disk = Path(os.environ["FAULTS_SMALL_DISK"])
    turn = os.open(disk, os.O_RDONLY)
    fcntl.flock(turn, fcntl.LOCK_EX)  # there is one for all test processes
    yield disk
    for each in disk.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    os.close(turn)


@with_seeds
@pytest.mark.parametrize("what", ["everything", *PLACES])
def test_a_full_disk_is_said_honestly_and_costs_nothing_that_was_acknowledged(
    small_disk: Path, ledger: Ledger, seed: int, what: str
) -> None:
    """On it lies all that the service has; or the database's log or tables alone; or what uploads are kept in
    until they are stored."""
    with running(small_disk if what == "everything" else None) as service:
        if what != "everything":
            service.stop()
            move(service.home / PLACES[what], small_disk / what)
            service.start()
        with load(service, ledger, seed) as phones:
            write_photographs(phones)
            eventually(lambda: len(ledger.photos) >= len(phones), "photographs")
            write_photographs(phones)
            with full(small_disk):
                if what == "pg_wal":
                    use_up_log(service)
                eventually(lambda: ledger.answers[507] + ledger.answers[503] > 3, "an honest answer")
            before = len(ledger.receipts)
            eventually(lambda: len(ledger.receipts) > before + 5, "traffic again")
        check(service, ledger)


def write_photographs(phones: list[Phone]) -> None:
    for phone in phones:
        phone.write(content=a_photograph())


def move(folder: Path, to: Path) -> None:
    """The database finds it through a link, as when an administrator has moved it."""
    subprocess.run(["cp", "-a", folder, to], check=True)
    shutil.rmtree(folder)
    folder.symlink_to(to)


def use_up_log(service: Service) -> None:
    """The database writes into files that it has made beforehand: let it need a new one."""

    def is_used_up() -> bool:
        try:
            service.rows("SELECT pg_logical_emit_message(false, 'faults', 'x'), pg_switch_wal()")
        except psycopg.Error:
            return True
        return False

    eventually(is_used_up, "the last file of the log")


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not a byte is free, also of what becomes free meanwhile."""
    try:
        with (disk / "filler").open("wb", buffering=0) as file:

            def fill() -> None:
                for size in (1024 * 1024, 4096):
                    with suppress(OSError):
                        while True:
                            file.write(bytes(size))

            with again_and_again(fill):
                yield
    finally:
        (disk / "filler").unlink()
