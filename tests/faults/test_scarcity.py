"""Stories of what runs out: connections, locks, and room on the disk."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.checker import check
from tests.faults.ledger import Ledger
from tests.faults.load import load
from tests.faults.phone import Phone
from tests.faults.seeds import with_seeds
from tests.faults.service import Service, eventually, running

pytestmark = pytest.mark.long

MANY = 80
"""Requests at once: twice as many as two processes work on."""


def test_a_lock_that_is_held_for_long_is_answered_honestly_and_loses_nothing(
    service: Service, ledger: Ledger
) -> None:
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


@pytest.fixture
def small_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nerirepo-disk-") as folder, a_small_disk(Path(folder)):
        yield Path(folder)


@contextmanager
def a_small_disk(folder: Path, megabytes: int = 400) -> Iterator[None]:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"no small disk here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@with_seeds
def test_a_full_disk_is_said_honestly_and_costs_nothing_that_was_acknowledged(
    small_disk: Path, ledger: Ledger, seed: int
) -> None:
    with running(small_disk) as service:
        with load(service, ledger, seed):
            eventually(lambda: len(ledger.receipts) > 5, "traffic")
            filler = small_disk / "filler"
            with filler.open("wb") as file:
                while _write(file):
                    pass
            eventually(lambda: ledger.answers[507] + ledger.answers[503] > 3, "an honest answer")
            filler.unlink()
            before = len(ledger.receipts)
            eventually(lambda: len(ledger.receipts) > before + 5, "traffic again")
        check(service, ledger)


def _write(file: object) -> bool:
    try:
        return os.write(file.fileno(), bytes(1024 * 1024)) > 0  # type: ignore[attr-defined]
    except OSError:
        return False
