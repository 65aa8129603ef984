"""The worker: takes jobs from the queue, one process, several at a time, until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from procrastinate import App, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as QueuedJob
from procrastinate.retry import BaseRetryStrategy

from nerirepo import jobs
from nerirepo.gateways.mail import Letterbox
from nerirepo.settings import settings
from workers import sweep
from workers.handlers import Handler, handlers
from workers.health import serve_health

AT_A_TIME = 4
"""Photos decode in child processes; two cores are kept busy and letters still leave in between."""
LONGEST_WAIT = timedelta(hours=1)


class Patiently(BaseRetryStrategy):
    """3 s, 9 s, 27 s ... up to an hour, then a dead letter that `nerirepo check` shows."""

    def __init__(self, tries: int) -> None:
        self._tries = tries

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if job.attempts + 1 >= self._tries:
            return None
        seconds = min(3 ** (job.attempts + 1), int(LONGEST_WAIT.total_seconds()))
        return RetryDecision(retry_in={"seconds": seconds})


@contextlib.asynccontextmanager
async def opened() -> AsyncIterator[App]:
    """The queue with a handler bound to each job."""
    connector = PsycopgConnector(
        conninfo=settings().database_url,
        kwargs={"options": "-c search_path=public,jobs -c timezone=UTC", "connect_timeout": 5},
        min_size=1,
        max_size=4,
    )
    app = App(connector=connector)
    async with Letterbox() as letterbox, app.open_async():
        for job, handler in handlers(letterbox).items():
            _bind(app, job, handler)
        yield app


def _bind(app: App, job: jobs.Job, handler: Handler) -> None:
    if job is jobs.SWEEP:
        handler = _sweeping(app, handler)
    task = app.task(name=job.name, retry=Patiently(job.tries))(_by_clock(handler) if job.cron else handler)
    if job.cron:
        # The lock keeps a slow run from being followed by a queue of others.
        app.periodic(cron=job.cron, queueing_lock=job.name)(task)


def _by_clock(handler: Handler) -> Any:
    if asyncio.iscoroutinefunction(handler):

        async def run_async(timestamp: int) -> None:
            await handler()

        return run_async

    def run(timestamp: int) -> None:
        handler()

    return run


def _sweeping(app: App, handler: Handler) -> Handler:
    async def both() -> None:
        await sweep.give_back(app.job_manager)
        await asyncio.to_thread(handler)

    return both


async def work() -> None:
    """Until SIGTERM or SIGINT; jobs in hand are finished first."""
    async with opened() as app:
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=AT_A_TIME,
                delete_jobs="successful",
                install_signal_handlers=False,
                shutdown_graceful_timeout=8,
            )
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            # Said explicitly: a process started with & has SIGINT ignored.
            asyncio.get_running_loop().add_signal_handler(number, worker.cancel)
        async with serve_health(app):
            with contextlib.suppress(asyncio.CancelledError):
                await worker


async def drained() -> None:
    """Everything that is due now, and what that asks for; then return."""
    async with opened() as app:
        await app.run_worker_async(
            wait=False, concurrency=AT_A_TIME, delete_jobs="successful", install_signal_handlers=False
        )


def drain() -> None:
    """As `drained`, from plain code: for tests and the demo."""
    asyncio.run(drained())


def main() -> None:
    """The process."""
    logging.basicConfig(level=settings().log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # At INFO it writes the arguments of each job, twice.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    asyncio.run(work())
