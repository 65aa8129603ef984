"""The delta feed shows what lies before the oldest transaction that still runs: tests may wait for those."""

import time

from sqlalchemy import text

from nerirepo.database import db

_NONE_RUNS = text("SELECT pg_snapshot_xmin(now) = pg_snapshot_xmax(now) FROM pg_current_snapshot() AS now")


def wait_until_none_runs() -> None:
    """PostgreSQL's own housekeeping runs in transactions, too, at any time."""
    with db.reading() as session:
        while not session.execute(_NONE_RUNS).scalar_one():
            time.sleep(0.01)
