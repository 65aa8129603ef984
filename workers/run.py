"""The worker: takes jobs from the queue, one process, several at a time, until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from procrastinate import App, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as QueuedJob
from procrastinate.middleware import AsyncCallNext, WorkerMiddleware
from procrastinate.retry import BaseRetryStrategy
from procrastinate.worker import Worker
from sqlalchemy.exc import OperationalError

from nerirepo.base import clock
from nerirepo.base.errors import Unavailable
from nerirepo.base.settings import settings
from nerirepo.database import db, jobs, shared_clock
from nerirepo.database.jobs import Queue
from nerirepo.gateways.mail import Letterbox
from nerirepo.gateways.storage import ObjectDamaged
from workers import sweep
from workers.handlers import Handler, handlers
from workers.health import serve_health
from workers.observed import observed

AT_A_TIME = {Queue.LETTERS: 4, Queue.PICTURES: 4, Queue.CLOCK: 2}
"""Photos decode in child processes; two cores are kept busy and letters still leave in between."""
THREADS = 32
"""A letter that is being settled may wait for the database, a photo for its child process."""
HEARTBEAT = 5.0
"""Seconds; see `sweep.SECONDS_WITHOUT_HEARTBEAT`."""
SECONDS_TO_FINISH = 8
LARGEST_STEP = timedelta(seconds=30)
WATCHED_EVERY = 5.0
"""Seconds."""
LONGEST_WAIT = timedelta(hours=1)
WAIT_FOR_PART = timedelta(seconds=10)
"""While the database or the store is away. It is not the job's fault, and does not count."""

log = logging.getLogger(__name__)


class Patiently(BaseRetryStrategy):
    """3 s, 9 s, 27 s ... up to an hour, then a dead letter that `nerirepo check` shows."""

    def __init__(self, tries: int) -> None:
        self._tries = tries

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        log.warning("job %s %s failed", job.task_name, job.id, exc_info=exception)
        is_away = isinstance(exception, Unavailable | OperationalError)
        # What the store has spoilt for good must not be asked for without end.
        if is_away and not isinstance(exception, ObjectDamaged):
            return RetryDecision(retry_at=clock.now() + WAIT_FOR_PART)
        if job.attempts + 1 >= self._tries:
            return None
        wait = timedelta(seconds=3 ** (job.attempts + 1))
        return RetryDecision(retry_at=clock.now() + min(wait, LONGEST_WAIT))


@contextlib.asynccontextmanager
async def opened() -> AsyncIterator[App]:
    """The queue with a handler bound to each job."""
    url = settings().database_url
    connector = PsycopgConnector(
        conninfo=url,
        kwargs=db.line_options(url, db.SCHEMAS),
        min_size=1,
        max_size=10,  # each queue has a listener on one
    )
    app = App(connector=connector)
    async with Letterbox() as letterbox, app.open_async():
        for job, handler in handlers(letterbox).items():
            _bind(app, job, handler)
        yield app


def _bind(app: App, job: jobs.Job, handler: Handler) -> None:
    if job is jobs.SWEEP:
        handler = _sweeping(app, handler)
    task = app.task(name=job.name, retry=Patiently(job.attempts))(_by_clock(handler) if job.cron else handler)
    if job.cron:
        # The lock keeps a slow run from being followed by a queue of others.
        app.periodic(cron=job.cron, queueing_lock=job.name)(task)


def _by_clock(handler: Handler) -> Any:
    """The clock says at what time it asks; who asks for the same job beside it says nothing."""
    if asyncio.iscoroutinefunction(handler):

        async def run_async(timestamp: int | None = None) -> None:
            await handler()

        return run_async

    def run(timestamp: int | None = None) -> None:
        handler()

    return run


def _sweeping(app: App, handler: Handler) -> Handler:
    async def both() -> None:
        try:
            await sweep.give_back(app.job_manager)
            await asyncio.to_thread(handler)
        except Exception:
            # Not tried again: the clock brings the next.
            log.exception("sweeping failed")

    return both


class ClockWasSet(Exception):
    """Somebody has set this machine's clock. Started again, the timetable begins at the right time."""


async def work(*watching: WorkerMiddleware) -> None:
    """Until SIGTERM or SIGINT, until one loop has lost its queue, or the clock was set; jobs in hand are
    finished first.

    `watching` sees each job, beside the log and the figures.
    """
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(THREADS))
    async with opened() as app:
        loops = [asyncio.create_task(_work_on(app, queue, watching)) for queue in Queue]

        def stop() -> None:
            for each in loops:
                each.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            # Said explicitly: a process started with & has SIGINT ignored.
            loop.add_signal_handler(number, stop)
        async with serve_health(app):
            until_set = asyncio.create_task(_clock_is_set())
            await asyncio.wait([*loops, until_set], return_when=asyncio.FIRST_COMPLETED)
            stop()
            until_set.cancel()
            ends = await asyncio.gather(*loops, until_set, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _clock_is_set() -> None:
    """Raises ClockWasSet. The queue's timetable remembers when it last asked for each job: set back by hours,
    the clock would bring no sweep for as long."""
    before = time.time() - time.monotonic()
    while abs(time.time() - time.monotonic() - before) < LARGEST_STEP.total_seconds():
        await asyncio.sleep(WATCHED_EVERY)
    raise ClockWasSet


async def _work_on(app: App, queue: Queue, watching: tuple[WorkerMiddleware, ...]) -> None:
    await app.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=AT_A_TIME[queue],
        delete_jobs="successful",
        install_signal_handlers=False,
        shutdown_graceful_timeout=SECONDS_TO_FINISH,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=sweep.SECONDS_WITHOUT_HEARTBEAT,
        worker_middleware=[_keeps_none, observed, *watching],
    )


async def _keeps_none(call_next: AsyncCallNext, _: JobContext, worker: Worker) -> Any:
    """A worker middleware: where the end of a job could not be written down, its loop and the process end.

    The queue would show the job for ever as in the hand of a worker that lives; one that has ended gives it
    back.
    """

    def ended(job: asyncio.Task[Any]) -> None:
        # What the handler itself raises does not come here: the queue has dealt with it.
        if not job.cancelled() and (fault := job.exception()):
            log.error("the end of a job was not written down; starting anew", exc_info=fault)
            worker.stop()

    job = asyncio.current_task()
    assert job
    job.add_done_callback(ended)
    return await call_next()


async def drained() -> None:
    """Everything that is due now, and what that asks for; then return."""
    did_something = True

    async def noted(call_next: AsyncCallNext, _: JobContext, __: Worker) -> Any:
        nonlocal did_something
        did_something = True
        return await call_next()

    async with opened() as app:
        # The queue looks for the last time while jobs are in hand: what these ask for needs another run.
        while did_something:
            did_something = False
            await app.run_worker_async(
                wait=False,
                concurrency=AT_A_TIME[Queue.LETTERS],
                delete_jobs="successful",
                install_signal_handlers=False,
                worker_middleware=[noted],
            )


def drain() -> None:
    """As `drained`, from plain code: for tests and the demo."""
    # In a thread of its own: the caller's may have an event loop already, as a browser's test has.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, drained()).result()


def main(*watching: WorkerMiddleware) -> None:
    """The process."""
    with shared_clock.synchronised():
        asyncio.run(work(*watching))
