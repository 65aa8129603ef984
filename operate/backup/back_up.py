"""How is a copy of everything made, by PostgreSQL's own means and, for the pictures, through S3?

All is forgotten after `KEPT_FOR`, as docs/privacy.md says.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from nerirepo.base import clock
from nerirepo.database import noticed
from nerirepo.database.db import transaction
from operate.backup.folder import STAMP, bases, replication_url, run, segments, verify
from operate.backup.photo_copy import copy_out
from operate.embedded import postgres
from operate.home import Home
from operate.supervising.supervisor import say

KEPT_FOR = timedelta(days=30)


def back_up(home: Home, folder: Path) -> None:
    """A base and the pictures, now; then forget what is older than `KEPT_FOR`. Raises BackupFailed."""
    url = replication_url(home)
    if not any(segments(folder)):
        say("no changes are archived beside it (nerirepo backup wal): it restores to this moment only")
    base = _base(folder, url)
    say(f"database: {base}")
    copied, gone = copy_out(folder)
    say(f"pictures: {copied} new, {gone} put aside since they were deleted")
    _forget(folder)
    with transaction() as session:
        noticed.note(session, noticed.BASE)


def _base(folder: Path, url: str) -> Path:
    unfinished = folder / "base" / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # With the changes made meanwhile, so that a base is whole even without an archive.
    run(
        str(postgres.program("pg_basebackup")),
        *("--dbname", url, "--pgdata", str(unfinished), "--wal-method=stream", "--checkpoint=fast"),
    )
    verify(unfinished)
    finished = unfinished.with_name(clock.now().strftime(STAMP))
    unfinished.rename(finished)
    return finished


def _forget(folder: Path) -> None:
    """The oldest that stays is the last base from before the limit: any later moment is within its reach."""
    limit = clock.now() - KEPT_FOR
    outdated = [at for at in bases(folder) if at < limit][:-1]
    for at in outdated:
        shutil.rmtree(bases(folder)[at])
    oldest = next(iter(bases(folder).values()))
    label = (oldest / "backup_label").read_text()
    needed = label.split("file ", 1)[1].split(")", 1)[0]
    for segment in segments(folder):
        if segment.name[:24] < needed and not segment.name.endswith(".history"):
            segment.unlink()
    for day in (folder / "gone").glob("*"):
        if datetime.strptime(f"{day.name}+0000", "%Y-%m-%d%z") < limit:
            shutil.rmtree(day)
