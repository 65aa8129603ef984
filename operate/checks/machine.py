"""Is this machine fit for the service?"""

import shutil
from pathlib import Path

from nerirepo.base import clock
from nerirepo.database import sql
from nerirepo.database.db import reading
from operate.checks.probe import Fault
from operate.commands.settings_table import unknown

LEAST_SPACE = 1024**3  # bytes; below that PostgreSQL may stop in the middle of a day
LARGEST_CLOCK_DIFFERENCE = 5.0
"""Seconds between this machine and the database: signed addresses and codes live for minutes."""


def variables() -> None:
    if names := unknown():
        raise Fault(f"nobody reads {', '.join(names)}; all settings: docs/settings.md")


def space(folder: Path) -> None:
    if (free := shutil.disk_usage(folder).free) < LEAST_SPACE:
        raise Fault(f"only {free // 1024**2} MiB are free on {folder}; make room or move NERIREPO_HOME")


def clock_agrees() -> None:
    with reading() as session:
        before = clock.now()
        theirs = sql.first(session, "SELECT clock_timestamp() AS now").now
        after = clock.now()
    difference = max((before - theirs).total_seconds(), (theirs - after).total_seconds())
    if difference > LARGEST_CLOCK_DIFFERENCE:
        raise Fault(f"{difference:.0f} s from the database's; let both follow NTP: timedatectl set-ntp true")
