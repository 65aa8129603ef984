"""How does a copy become a running service again, as it was at some moment?

The database that stands is put aside and never deleted. No letter leaves afterwards until a person says so:
what the copy still owes may have been sent since.
"""

import shutil
import time
from datetime import datetime
from pathlib import Path

import psycopg

from nerirepo.base import clock
from operate.backup.folder import STAMP, BackupFailed, bases, verify
from operate.embedded import postgres
from operate.home import Home
from operate.supervising import parts
from operate.supervising.process import Child
from operate.supervising.supervisor import say

LONGEST = 3600.0
"""Seconds for replaying a month of changes."""
NUMBERS_LEFT_OUT = 1000
"""More reports than come between a fault and its restore: the numbers of those that are lost stand in letters
and on phones, and shall not be somebody else's."""
RECOVERY = ("restore_command", "recovery_target_time", "recovery_target_action")


def restore(home: Home, folder: Path, at: datetime | None) -> None:
    """The embedded database and the pictures as they were at `at`, or at the archive's end.

    Raises BackupFailed, InUse while the service runs, DidNotStart when the moment lies beyond the archive.
    """
    with home.held():
        data = home.postgres / "data"
        prepare_data(folder, at, home.postgres / "data.restoring")
        if data.exists():
            aside = home.postgres / f"data.before-restore-{clock.now().strftime(STAMP)}"
            data.rename(aside)
            say(f"what stood is kept in {aside}")
        (home.postgres / "data.restoring").rename(data)
        postgres.prepare(home.postgres)
        server = postgres.child(home.postgres)
        server.start()
        try:
            _replay(server, home.postgres)
        finally:
            server.stop(60)
    with parts.at_hand(home):
        finish(home, folder)


def prepare_data(folder: Path, at: datetime | None, data: Path) -> None:
    """Make `data` a folder from which a PostgreSQL of the same version comes up as it was at `at`."""
    if data.exists():
        if not data.name.endswith(".restoring") and any(data.iterdir()):
            raise BackupFailed(f"{data} is not empty")
        shutil.rmtree(data)
    base = _base_before(folder, at)
    say(f"base {base.name}: checking")
    verify(base)
    shutil.copytree(base, data)
    data.chmod(0o700)
    wal = folder / "wal"
    # The segment that was being written when the archive ended bears another name and is as good.
    command = f'cp "{wal}/%f" "%p" 2>/dev/null || cp "{wal}/%f.partial" "%p" 2>/dev/null'
    lines = [f"restore_command = '{command}'", "recovery_target_action = 'promote'"]
    if at:
        lines.append(f"recovery_target_time = '{at.isoformat()}'")
    configuration = data / "postgresql.auto.conf"
    # Without those of a restore before: they would send this one to another moment.
    kept = [line for line in configuration.read_text().splitlines() if not line.startswith(RECOVERY)]
    configuration.write_text("\n".join([*kept, *lines]) + "\n")
    (data / "recovery.signal").touch()


def finish(home: Home, folder: Path) -> None:
    """Once the database is there: schema, letters held, numbers that were given not given again, pictures,
    and whoever has left since erased again."""
    from nerirepo.database import sql
    from nerirepo.database.db import transaction
    from nerirepo.gateways.storage import create_buckets
    from nerirepo.notifications.hold import hold
    from nerirepo.privacy.erase import erase_again
    from operate.backup.photo_copy import copy_in
    from operate.schema import bring_up_to_date

    bring_up_to_date(home)
    with transaction() as session:
        hold(session, "restored from a backup")
        sql.run(
            session,
            "SELECT setval('report_number', last_value + :left_out) FROM report_number",
            {"left_out": NUMBERS_LEFT_OUT},
        )
    create_buckets()
    say(f"pictures: {copy_in(folder)} put back")
    # Before anything is served or sent: no site and no worker runs yet.
    with transaction() as session:
        say(f"erased again: {erase_again(session)} who had left since")
    say("letters are held: nerirepo mail show, then nerirepo mail release")
    say("begin a new backup folder: this one's changes belong to the time before")


def _base_before(folder: Path, at: datetime | None) -> Path:
    found = [base for complete, base in bases(folder).items() if at is None or complete <= at]
    if not found:
        raise BackupFailed(f"{folder} holds no base" + (f" that was complete at {at}" if at else ""))
    return found[-1]


def _replay(server: Child, folder: Path) -> None:
    began = time.monotonic()
    server.wait_until(lambda: _is_open(folder), LONGEST)
    with psycopg.connect(postgres.url(folder, postgres.SUPERUSER, "postgres"), autocommit=True) as connection:
        for setting in RECOVERY:
            connection.execute(f"ALTER SYSTEM RESET {setting}".encode())
    say(f"database: replayed in {time.monotonic() - began:.0f} s")


def _is_open(folder: Path) -> bool:
    """Replayed to the end and open for writing."""
    try:
        with psycopg.connect(
            postgres.url(folder, postgres.SUPERUSER, "postgres"), connect_timeout=2
        ) as connection:
            return connection.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,)
    except psycopg.OperationalError:
        return False
