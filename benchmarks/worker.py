"""How many letters does a worker send in a second, and how many photos does it make ready?

    .venv/bin/python -m benchmarks.worker [--letters 400] [--photos 24]

What is to be done is put into the queue first; then one worker starts. Prints Markdown: docs/performance.md.
"""

import argparse
import hashlib
import io
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import UUID

from PIL import Image
from sqlalchemy import text
from sqlmodel import Session

from benchmarks import cost, stage
from benchmarks.stage import Stage
from nerirepo import clock, jobs
from nerirepo.db import reading, transaction
from nerirepo.gateways import storage
from nerirepo.ids import uuid7
from nerirepo.photos.renditions import KINDS, LARGEST
from nerirepo.photos.tables import OwnerKind, Photo, PhotoState
from nerirepo.reporters.tables import Eligibility, Reporter
from nerirepo.reports.submission import Location, Submission
from nerirepo.reports.submit import submit
from nerirepo.settings import settings

PHONE = (4032, 3024)
"""Pixels of what a phone takes: 12 million."""
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
                _post(session, number)
        _measure(staged, "letters", given.letters, _SENT, lambda: _send_bare(staged, given.letters))
        picture = _picture()
        with transaction() as session:
            for _ in range(given.photos):
                _receive(session, picture)
        _measure(staged, "photos", given.photos, _READY, lambda: _develop_bare(picture, given.photos))


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


def _post(session: Session, number: int) -> None:
    """A report of somebody who has sent none before: one receipt by mail."""
    now = clock.now()
    reporter = Reporter(
        id=uuid7(),
        email=f"{number}@example.jp",
        eligibility=Eligibility.LIVES,
        created_at=now,
        last_seen_at=now,
    )
    session.add(reporter)
    place = Location(lat=35.7356, lon=139.6522, accuracy_m=8.0, source="gps")
    words = "道路に穴があいています。"
    submission = Submission(category="road.pothole", description=words, location=place, photo_ids=())
    submit(session, reporter, uuid7(), submission)


def _send_bare(staged: Stage, count: int) -> None:
    """One of the letters again and again to the same server, on one connection."""
    letter = next((staged.folder / "mail").rglob("*.eml")).read_bytes()
    server = urlsplit(settings().smtp_url)
    with smtplib.SMTP(server.hostname or "", server.port or 0) as line:
        for _ in range(count):
            line.sendmail("ward@example.jp", ["somebody@example.jp"], letter)


def _receive(session: Session, picture: bytes) -> None:
    photo = Photo(
        id=uuid7(),
        owner_kind=OwnerKind.REPORTER,
        owner_id=UUID(int=0),
        sha256=hashlib.sha256(picture).hexdigest(),
        bytes=len(picture),
        content_type="image/jpeg",
        state=PhotoState.RECEIVED,
        announced_at=clock.now(),
        received_at=clock.now(),
    )
    session.add(photo)
    storage.put(storage.private_bucket(), f"{photo.prefix}original", picture, photo.content_type)
    jobs.enqueue(session, jobs.PROCESS_PHOTO, photo_id=str(photo.id))


def _picture() -> bytes:
    """Noise in large spots: as many details as a street has."""
    spots = Image.effect_noise((PHONE[0] // 8, PHONE[1] // 8), 80).convert("RGB").resize(PHONE)
    file = io.BytesIO()
    spots.save(file, "JPEG", quality=90)
    return file.getvalue()


def _develop_bare(picture: bytes, count: int) -> None:
    """Decoding, shrinking and encoding, on every core, and nothing else."""
    with ProcessPoolExecutor() as cores:
        list(cores.map(_develop, [picture] * count))


def _develop(picture: bytes) -> None:
    with Image.open(io.BytesIO(picture)) as image:
        image.draft(None, (LARGEST, LARGEST))
        image.load()
    for kind in KINDS:
        rendition = image.copy()
        rendition.thumbnail((kind.longest_side, kind.longest_side))
        rendition.save(io.BytesIO(), kind.content_type.removeprefix("image/"), quality=kind.quality)


if __name__ == "__main__":
    main()
