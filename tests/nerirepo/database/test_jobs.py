"""Stories of what is asked for, beside those of each job."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from nerirepo.database import jobs
from nerirepo.database.db import transaction
from operate.embedded import postgres


def test_a_queue_that_takes_nothing_is_a_fault_of_the_database_like_any_other(database: Path) -> None:
    with (
        psycopg.connect(postgres.url(database / "postgres", postgres.SUPERUSER)) as other,
        transaction() as session,
    ):
        other.execute("LOCK TABLE jobs.procrastinate_jobs IN ACCESS EXCLUSIVE MODE")
        session.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError) as fault:
            jobs.enqueue(session, jobs.COUNT)
        session.rollback()
    assert isinstance(fault.value.orig, psycopg.errors.LockNotAvailable)
