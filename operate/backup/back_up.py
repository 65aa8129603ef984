"""How is a copy of everything made, by PostgreSQL's own means and, for the pictures, through S3?

    FOLDER/base/2026-11-23T103900Z/   the database's files, by pg_basebackup; the name is when it was complete
    FOLDER/wal/                       every change since, by pg_receivewal, as it happens
    FOLDER/photos/private|published/  the two buckets
    FOLDER/gone/2026-11-23/...        pictures that were deleted since the last copy

A base and the changes since give any moment. All is forgotten after `KEPT_FOR`, as docs/privacy.md says.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nerirepo import clock
from nerirepo.settings import settings
from operate import account
from operate.embedded import postgres
from operate.home import Home
from operate.supervising.parts import Part
from operate.supervising.process import Child
from operate.supervising.supervisor import Supervisor, say

KEPT_FOR = timedelta(days=30)
OLDEST_BASE = timedelta(hours=36)
"""One a night, and one night may fail."""
OLDEST_CHANGES = timedelta(minutes=15)
"""What a disk that burns may cost: the changes since."""
SECONDS_BETWEEN_NOTES = 60.0
"""Of how far the archive has come. The note itself is a change, so that a quiet night's archive is new."""
SLOT = "nerirepo_archive"
"""Makes the server keep what we have not fetched; `max_slot_wal_keep_size` bounds how much."""
SECONDS_AWAY = 5.0
"""Between two looks whether the database is back; as pg_receivewal itself does."""
STAMP = "%Y-%m-%dT%H%M%SZ"


class BackupFailed(Exception):
    """A copy could not be made or is not whole; the message says which and what to do."""


def replication_url(home: Home) -> str:
    """The database as a role that may copy it; raises BackupFailed where none is named."""
    if url := settings().backup_database_url:
        return url
    embedded = postgres.url(home.postgres)
    if os.environ.get("NERIREPO_DATABASE_URL", embedded) == embedded:
        return postgres.url(home.postgres, postgres.SUPERUSER)
    raise BackupFailed("NERIREPO_BACKUP_DATABASE_URL must name a role that has REPLICATION")


def back_up(home: Home, folder: Path) -> None:
    """A base and the pictures, now; then forget what is older than `KEPT_FOR`. Raises BackupFailed."""
    from nerirepo import noticed
    from nerirepo.db import transaction
    from operate.backup.photo_copy import (
        copy_out,  # here: boto3 takes long to come, and every command reads this file
    )

    url = replication_url(home)
    if not any(_segments(folder)):
        say("no changes are archived beside it (nerirepo backup wal): it restores to this moment only")
    base = _base(folder, url)
    say(f"database: {base}")
    copied, gone = copy_out(folder)
    say(f"pictures: {copied} new, {gone} put aside since they were deleted")
    _forget(folder)
    with transaction() as session:
        noticed.note(session, noticed.BASE)


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
    from sqlalchemy.exc import SQLAlchemyError

    from nerirepo import noticed
    from nerirepo.db import transaction

    newest = max((each.stat().st_mtime for each in _segments(folder)), default=None)
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
        _run(program, "--dbname", url, "--slot", SLOT, "--create-slot", "--if-not-exists")
    except BackupFailed as fault:
        say(f"waiting for the database ({str(fault).splitlines()[0]})")
        return False
    return True


def bases(folder: Path) -> dict[datetime, Path]:
    """When complete, and where; the oldest first."""
    found = {}
    for each in sorted((folder / "base").glob("*Z")):
        found[datetime.strptime(f"{each.name}+0000", f"{STAMP}%z")] = each
    return found


def _base(folder: Path, url: str) -> Path:
    unfinished = folder / "base" / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # With the changes made meanwhile, so that a base is whole even without an archive.
    _run(
        str(postgres.program("pg_basebackup")),
        *("--dbname", url, "--pgdata", str(unfinished), "--wal-method=stream", "--checkpoint=fast"),
    )
    verify(unfinished)
    finished = unfinished.with_name(clock.now().strftime(STAMP))
    unfinished.rename(finished)
    return finished


def verify(base: Path) -> None:
    """Every file's checksum against the base's manifest; raises BackupFailed."""
    _run(str(postgres.program("pg_verifybackup")), "--quiet", str(base))


def _segments(folder: Path) -> list[Path]:
    return sorted((folder / "wal").glob("0*"))


def _forget(folder: Path) -> None:
    """The oldest that stays is the last base from before the limit: any later moment is within its reach."""
    limit = clock.now() - KEPT_FOR
    outdated = [at for at in bases(folder) if at < limit][:-1]
    for at in outdated:
        shutil.rmtree(bases(folder)[at])
    oldest = next(iter(bases(folder).values()))
    label = (oldest / "backup_label").read_text()
    needed = label.split("file ", 1)[1].split(")", 1)[0]
    for segment in _segments(folder):
        if segment.name[:24] < needed and not segment.name.endswith(".history"):
            segment.unlink()
    for day in (folder / "gone").glob("*"):
        if datetime.strptime(f"{day.name}+0000", "%Y-%m-%d%z") < limit:
            shutil.rmtree(day)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    if done.returncode != 0:
        raise BackupFailed(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def take_over(folder: Path) -> Path:
    """The folder, made when missing; as root, given to the service user, who writes into it."""
    account.hand_over(folder.absolute())
    return folder.absolute()
