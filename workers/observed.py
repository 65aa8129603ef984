"""What became of each job? One line in the log and one figure; all lines meanwhile carry the job's id."""

import time
from typing import Any

import structlog
from procrastinate import JobContext
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker
from prometheus_client import Histogram

log = structlog.get_logger(__name__)

JOBS = Histogram(
    "nerirepo_job_seconds",
    "From taking a job to its end.",
    ["job", "outcome"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
)


async def observed(call_next: AsyncCallNext, context: JobContext, _: Worker) -> Any:
    """A worker middleware. The queue logs what a job raises; here stands only that it did."""
    job = context.job
    # Never unbound: each job runs in a task of its own, and the queue's last word on it comes after us.
    structlog.contextvars.bind_contextvars(job=job.task_name, job_id=job.id)
    started, outcome = time.perf_counter(), "failed"
    try:
        result = await call_next()
        outcome = "done"
        return result
    finally:
        seconds = time.perf_counter() - started
        JOBS.labels(job.task_name, outcome).observe(seconds)
        log.info("job", outcome=outcome, tries=job.attempts + 1, ms=round(seconds * 1000, 1))
