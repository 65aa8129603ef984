"""Where does a file lie that is needed for a moment: a photo being decoded, an upload being received?

Below the data folder and never in /tmp, which nobody empties, and of which docs/privacy.md knows nothing.
Each process has a folder of its own and holds its lock for as long as it lives; a folder whose lock is free
belongs to a process that was killed, and whoever comes next empties it.
"""

import fcntl
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from nerirepo.base.settings import settings

LOCK = "lock"


def begin() -> None:
    """Of a process: clear what killed ones left, and let every library put its temporary files here.

    What a form brings, above all: nobody asks those who read it where.
    """
    clear_abandoned()
    tempfile.tempdir = str(work_folder())


def work_folder() -> Path:
    """This process's own, made when missing; mode 0700."""
    # A process that was forked from another has one of its own, too.
    return _own(os.getpid(), settings().home.absolute())


def clear_abandoned() -> int:
    """Delete what processes left that were killed; how many folders. Those of living ones stay."""
    cleared = 0
    for folder in _all(settings().home.absolute()).glob("[!.]*"):
        try:
            lock = os.open(folder / LOCK, os.O_RDWR)
        except FileNotFoundError:
            continue  # another clears it at this moment
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
            cleared += 1
        finally:
            os.close(lock)
    return cleared


def _all(home: Path) -> Path:
    folder = home / "run" / "work"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@cache
def _own(pid: int, home: Path) -> Path:
    # The lock is there, and held, before the folder has the name under which others look for it.
    unfinished = Path(tempfile.mkdtemp(prefix=f".{pid}-", dir=_all(home)))
    held = os.open(unfinished / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)  # the descriptor stays open: the lock goes with the process
    return unfinished.rename(unfinished.with_name(unfinished.name[1:]))
