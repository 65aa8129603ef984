"""What lies in a folder of copies, and who may make one?

    FOLDER/base/2026-11-23T103900Z/   the database's files, by pg_basebackup; the name is when it was complete
    FOLDER/wal/                       every change since, by pg_receivewal, as it happens
    FOLDER/photos/private|published/  the two buckets
    FOLDER/gone/2026-11-23/...        pictures that were deleted since the last copy

A base and the changes since give any moment.
"""

import os
import subprocess
from datetime import datetime
from pathlib import Path

from nerirepo.base.settings import settings
from operate import account
from operate.embedded import postgres
from operate.home import Home

STAMP = "%Y-%m-%dT%H%M%SZ"


class BackupFailed(Exception):
    """A copy could not be made or is not whole; the message says which and what to do."""


def take_over(folder: Path) -> Path:
    """The folder, made when missing; as root, given to the service user, who writes into it."""
    account.hand_over(folder.absolute())
    return folder.absolute()


def bases(folder: Path) -> dict[datetime, Path]:
    """When complete, and where; the oldest first."""
    found = {}
    for each in sorted((folder / "base").glob("*Z")):
        found[datetime.strptime(f"{each.name}+0000", f"{STAMP}%z")] = each
    return found


def segments(folder: Path) -> list[Path]:
    return sorted((folder / "wal").glob("0*"))


def replication_url(home: Home) -> str:
    """The database as a role that may copy it; raises BackupFailed where none is named."""
    if url := settings().backup_database_url:
        return url
    embedded = postgres.url(home.postgres)
    if os.environ.get("NERIREPO_DATABASE_URL", embedded) == embedded:
        return postgres.url(home.postgres, postgres.SUPERUSER)
    raise BackupFailed("NERIREPO_BACKUP_DATABASE_URL must name a role that has REPLICATION")


def verify(base: Path) -> None:
    """Every file's checksum against the base's manifest; raises BackupFailed."""
    run(str(postgres.program("pg_verifybackup")), "--quiet", str(base))


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    if done.returncode != 0:
        raise BackupFailed(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
