"""How many letters does a worker send in a second, and how many photos does it make ready?

    .venv/bin/python -m benchmarks.worker [--letters 400] [--photos 24]

What is to be done is put into the queue first; then one worker starts. Prints Markdown: docs/performance.md.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import text

from benchmarks import bare_worker, cost, stage, work
from benchmarks.stage import Stage
from nerirepo.database.db import reading, transaction

LONGEST = 600  # seconds

_COLUMNS = (
    "work",
    "/s",
    "CPU ms worker",
    "CPU ms its children",
    "CPU ms database",
    "bare /s",
    "CPU ms bare",
    "share of CPU",
)
_SENT = "SELECT count(*) FROM delivery WHERE state = 'sent'"
_READY = "SELECT count(*) FROM photo WHERE state = 'ready'"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--letters", type=int, default=400)
    asked.add_argument("--photos", type=int, default=24)
    given = asked.parse_args()
    with stage.staged() as staged:
        print(f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|", flush=True)
        with transaction() as session:
            for number in range(given.letters):
                work.post(session, number)
        _measure(staged, "letters", given.letters, _SENT, lambda: bare_worker.send(staged, given.letters))
        picture = work.picture()
        with transaction() as session:
            for _ in range(given.photos):
                work.receive(session, picture)
        _measure(staged, "photos", given.photos, _READY, lambda: bare_worker.develop(picture, given.photos))


def _measure(staged: Stage, name: str, count: int, done: str, bare: Callable[[], None]) -> None:
    """`done`: SQL that counts what is done. `bare`: as much of it by the least that could do it."""
    with _worker(staged) as worker:
        _wait_until(worker, done, 1)  # it has started
        began, before = time.perf_counter(), _count(done)
        with cost.measured([worker.pid], staged.postmaster) as used:
            _wait_until(worker, done, count)
        made = count - before
        rate = made / (time.perf_counter() - began)
    ours = [each / made * 1000 for each in (used.ours, used.children, used.database)]
    began, cpu = time.perf_counter(), _used_here()
    bare()
    limit, least = count / (time.perf_counter() - began), (_used_here() - cpu) / count * 1000
    figures = [f"{rate:.1f}", *(f"{each:.1f}" for each in ours), f"{limit:.1f}", f"{least:.1f}"]
    print(f"| {name} | {' | '.join(figures)} | {least / sum(ours):.0%} |", flush=True)


def _used_here() -> float:
    """Seconds of a processor, with those of children that have ended."""
    return sum(os.times()[:4])


@contextmanager
def _worker(staged: Stage) -> Iterator[subprocess.Popen]:
    # A home of its own: as root it becomes the service's user, whose home must be nobody else's.
    environment = os.environ | {"NERIREPO_HOME": str(staged.folder / "worker")}
    with (staged.folder / "worker.log").open("w") as log:
        command = [sys.executable, "-P", "-m", "operate", "worker"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _wait_until(worker: subprocess.Popen, done: str, count: int) -> None:
    deadline = time.perf_counter() + LONGEST
    while _count(done) < count:
        if worker.poll() is not None or time.perf_counter() > deadline:
            raise RuntimeError(f"{_count(done)} of {count} are done; the worker: {worker.poll()}")
        time.sleep(0.1)


def _count(done: str) -> int:
    with reading() as session:
        return session.execute(text(done)).scalar_one()


if __name__ == "__main__":
    main()
