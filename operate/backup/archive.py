"""How is every change of the database written away as it happens?"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from nerirepo.database import noticed
from nerirepo.database.db import transaction
from operate.backup.folder import BackupFailed, replication_url, run, segments
from operate.embedded import postgres
from operate.home import Home
from operate.supervising.parts import Part
from operate.supervising.process import Child
from operate.supervising.supervisor import Supervisor, say

SECONDS_BETWEEN_NOTES = 60.0
"""Of how far the archive has come. The note itself is a change, so that a quiet night's archive is new."""
SLOT = "nerirepo_archive"
"""Makes the server keep what we have not fetched; `max_slot_wal_keep_size` bounds how much."""
SECONDS_AWAY = 5.0
"""Between two looks whether the database is back; as pg_receivewal itself does."""


def archive(home: Home, folder: Path) -> None:
    """Write every change into FOLDER/wal, until we are stopped; while the database is away, wait for it.

    It runs beside the service for years, so it holds nothing: neither the data folder nor parts of its own.
    """
    if os.environ.get("NERIREPO_ENVIRONMENT") != "production":
        os.environ.setdefault("NERIREPO_DATABASE_URL", postgres.url(home.postgres))
    url = replication_url(home)
    wal = folder / "wal"
    wal.mkdir(mode=0o700, parents=True, exist_ok=True)
    program = str(postgres.program("pg_receivewal"))
    while not _slot_is_there(program, url):
        time.sleep(SECONDS_AWAY)
    say(f"writing changes into {wal}")
    command = [program, "--dbname", url, "--slot", SLOT, "--directory", str(wal), "--synchronous"]
    with Supervisor() as supervisor, _noting(folder):
        supervisor.start(Part(Child("pg_receivewal", command, stop_with=signal.SIGINT), ready=lambda: True))
        supervisor.watch()


@contextmanager
def _noting(folder: Path) -> Iterator[None]:
    """In the block it is noted, for `nerirepo check`, up to when changes lie in the folder."""
    over = threading.Event()
    noting = threading.Thread(target=_keep_noting, args=(folder, over), name="archive noted", daemon=True)
    noting.start()
    try:
        yield
    finally:
        over.set()
        noting.join()


def _keep_noting(folder: Path, over: threading.Event) -> None:
    is_noted = False
    while not over.wait(SECONDS_BETWEEN_NOTES if is_noted else 1.0):
        is_noted = note_changes(folder)


def note_changes(folder: Path) -> bool:
    """When the newest file of changes was written last; False where there is none, or no database."""
    newest = max((each.stat().st_mtime for each in segments(folder)), default=None)
    if newest is None:
        return False
    try:
        with transaction() as session:
            noticed.note(session, noticed.CHANGES, at=datetime.fromtimestamp(newest, UTC))
    except SQLAlchemyError:
        return False
    return True


def _slot_is_there(program: str, url: str) -> bool:
    try:
        run(program, "--dbname", url, "--slot", SLOT, "--create-slot", "--if-not-exists")
    except BackupFailed as fault:
        say(f"waiting for the database ({str(fault).splitlines()[0]})")
        return False
    return True
