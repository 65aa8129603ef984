from collections.abc import Callable

import pytest
from sqlalchemy import text

from nerirepo.database import jobs
from nerirepo.database.db import reading, transaction


@pytest.mark.parametrize("job", [job for job in jobs.ALL if job.cron], ids=lambda job: job.name)
def test_what_the_clock_asks_for_anybody_may_ask_for_beside_it(
    job: jobs.Job, work: Callable[[], None]
) -> None:
    with transaction() as session:
        jobs.enqueue(session, job)
    work()
    with reading() as session:
        left = session.execute(text("SELECT task_name, status, attempts FROM jobs.procrastinate_jobs")).all()
    assert [each for each in left if each.task_name == job.name] == []
