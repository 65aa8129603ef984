"""Are copies made, and are they new enough?"""

from datetime import timedelta

from nerirepo.base import clock
from nerirepo.base.settings import settings
from nerirepo.database import noticed
from nerirepo.database.db import reading
from operate.backup.archive import SLOT
from operate.checks.probe import Fault, ask

OLDEST_BASE = timedelta(hours=36)
"""One a night, and one night may fail."""
OLDEST_CHANGES = timedelta(minutes=15)
"""What a disk that burns may cost: the changes since."""


def archive() -> None:
    slot = "SELECT CASE WHEN wal_status = 'lost' THEN 'lost' WHEN NOT active THEN 'left' END"
    match ask(f"{slot} FROM pg_replication_slots WHERE slot_name = '{SLOT}'"):
        case "lost":
            raise Fault("it has lost its place; begin a new backup folder (docs/runbook.md, 6)")
        case "left":
            raise Fault("nobody writes changes away, and they fill this disk; start: nerirepo backup wal")


def backup() -> str | None:
    if settings().backups == "elsewhere":
        return "made elsewhere"
    is_production, ages = settings().environment == "production", {}
    for what, oldest, way_out in (
        (noticed.BASE, OLDEST_BASE, "nerirepo backup run /backup, every night"),
        (noticed.CHANGES, OLDEST_CHANGES, "nerirepo backup wal /backup, all the time"),
    ):
        with reading() as session:
            found = noticed.noted(session, what)
        if found is None and is_production:
            raise Fault(f"no {what} yet; {way_out}; or NERIREPO_BACKUPS=elsewhere (docs/runbook.md, 6)")
        if found:
            ages[what] = clock.now() - found.at
            if ages[what] > oldest:
                raise Fault(f"the last {what} is {_age(ages[what])} old; {way_out} (docs/runbook.md, 6)")
    return ", ".join(f"last {what} {_age(age)} ago" for what, age in ages.items()) or None


def _age(age: timedelta) -> str:
    minutes = max(int(age.total_seconds()) // 60, 0)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
