"""Jobs: what is done soon after the commit. The queue is rows in the same database.

A job is inserted on the caller's own connection: it exists if and only if the caller's transaction commits.
Jobs carry ids and no words, re-read the truth, may run twice and do their work once. `workers/` binds one
handler to each name. SQL over procrastinate's tables stands here alone, for what the library has no call for
(docs/decisions/0024-libraries-for-what-is-not-ours.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import psycopg
from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from sqlalchemy import ColumnElement, SQLColumnExpression, String, cast, column, exists, select, table
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.database import sql
from nerirepo.database.db import driver_connection


class Queue(StrEnum):
    """Jobs of one queue never wait for those of another: a slow mail server holds up no photo."""

    LETTERS = "letters"
    PICTURES = "pictures"
    """Whatever asks the object store."""
    CLOCK = "default"


@dataclass(frozen=True)
class Job:
    """`priority`: higher runs first in its queue. `attempts`: before it is left as a visible dead letter."""

    name: str
    queue: Queue
    priority: int = 0
    attempts: int = 8
    cron: str | None = None
    """When the clock enqueues it, in UTC."""


SEND_CODE = Job("send_code", Queue.LETTERS, priority=20)
"""challenge_id: write the letter with a sign-in's code."""
SEND_URGENT = Job("send_urgent", Queue.LETTERS, priority=20)
"""delivery_id: a sign-in code, a danger. Somebody waits for it."""
NOTIFY = Job("notify", Queue.LETTERS, priority=10)
"""event_id: write the deliveries that an event owes."""
PUBLISH = Job("publish", Queue.PICTURES, priority=5)
"""report_id: bring the public copy up to date."""
SEND = Job("send", Queue.LETTERS)
"""delivery_id: send one letter."""
PROCESS_PHOTO = Job("process_photo", Queue.PICTURES)
"""photo_id: decode and make the renditions."""
DELETE_OBJECTS = Job("delete_objects", Queue.PICTURES)
"""bucket, prefix, keep (keys, none by default): delete what the database no longer names."""
RECORD_ERASURE = Job("record_erasure", Queue.PICTURES, priority=10, attempts=20)
"""reporter_id, day: write down, outside the database, that this person was erased."""
DIGEST = Job("digest", Queue.CLOCK, cron="0 22 * * *")
"""Departments' morning letter: 07:00 in Japan."""
COUNT = Job("count", Queue.CLOCK, cron="*/10 * * * *")
"""Count the published reports for the public statistics."""
SWEEP = Job("sweep", Queue.CLOCK, priority=30, cron="* * * * * */10")
"""Ask again for whatever was promised and is not being done. Every ten seconds: what a killed worker had in
hand goes on within a minute."""
EXPIRE = Job("expire", Queue.CLOCK, cron="30 17 * * *")
"""Delete what has reached the end of its retention: 02:30 in Japan."""

ALL = (
    SEND_CODE,
    SEND_URGENT,
    NOTIFY,
    PUBLISH,
    SEND,
    PROCESS_PHOTO,
    DELETE_OBJECTS,
    RECORD_ERASURE,
    DIGEST,
    COUNT,
    SWEEP,
    EXPIRE,
)


@cache
def _app() -> App:
    # Never opened: every job goes in on a connection of the caller's.
    return App(connector=SyncPsycopgConnector())


def enqueue(
    session: Session, job: Job, *, at: datetime | None = None, lock: str | None = None, **ids: Any
) -> None:
    """Enqueue `job`; it runs once the session's transaction has committed.

    Jobs with the same `lock` run one at a time and in the order in which they were enqueued.
    """
    session.flush()
    deferred = _app().configure_task(
        job.name,
        connection=driver_connection(session),
        schedule_at=at,
        queue=job.queue,
        lock=lock,
        priority=job.priority,
        task_kwargs=ids,
    )
    try:
        deferred.defer()
    except ConnectorException as fault:
        # A full disk or a lost line, met while a job is written: to the caller as with any other row.
        if isinstance(fault.__cause__, psycopg.OperationalError):
            raise sql.failed(session, f"enqueue {job.name}", fault.__cause__) from fault
        raise


_QUEUE = table(
    "procrastinate_jobs",
    column("task_name"),
    column("status"),
    column("args", JSONB),
    column("scheduled_at"),
)


def enqueue_debounced(session: Session, job: Job, *, wait: timedelta) -> None:
    """Enqueue `job`, which takes no ids, in `wait`; of many calls in that time, about two count.

    A call in its second half enqueues anew: the job that waits might begin before they have committed.
    """
    now = clock.now()
    waiting = exists(
        select(_QUEUE.c.task_name).where(
            _QUEUE.c.task_name == job.name,
            cast(_QUEUE.c.status, String) == "todo",
            _QUEUE.c.scheduled_at > now + wait / 2,
        )
    )
    if not session.scalar(select(waiting)):
        enqueue(session, job, at=now + wait, lock=job.name)


def is_queued(
    name: str, value: SQLColumnExpression[Any], *these: Job, or_gave_up: bool = False
) -> ColumnElement[bool]:
    """Whether one of these jobs, with the id `name` = `value`, is still to be done or in somebody's hand.

    What was promised and has none is lost. With `or_gave_up` a job that waits for a person counts too.
    """
    standing = ("todo", "doing", "failed") if or_gave_up else ("todo", "doing")
    return exists(
        select(_QUEUE.c.task_name).where(
            _QUEUE.c.task_name.in_([job.name for job in these]),
            cast(_QUEUE.c.status, String).in_(standing),
            _QUEUE.c.args[name].astext == cast(value, String),
        )
    )


def lock_is_held(lock: str) -> str:
    """As SQL: whether a job with this lock, an expression, is to be done, in hand, or waits for a person."""
    return f"""EXISTS (
        SELECT FROM procrastinate_jobs AS job
        WHERE job.lock = {lock} AND job.status IN ('todo', 'doing', 'failed')
    )"""


DUE = """
    SELECT task_name AS job, count(*) AS length,
        extract(epoch FROM max(now() - coalesce(job.scheduled_at, event.at)))::float AS age
    FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_events AS event ON event.job_id = job.id AND event.type = 'deferred'
    WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
    GROUP BY task_name
"""
"""By job: how many could be done now, and for how many seconds the oldest could."""
GAVE_UP = """
    SELECT task_name AS job, count(*) AS length FROM procrastinate_jobs
    WHERE status = 'failed' GROUP BY task_name
"""
_DEAD = """
    SELECT job.id, job.task_name AS name, job.args AS ids, job.attempts, max(event.at) AS gave_up_at
    FROM procrastinate_jobs AS job JOIN procrastinate_events AS event ON event.job_id = job.id
    WHERE job.status = 'failed' GROUP BY job.id ORDER BY job.id
"""
_REVIVE = """
    UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = now()
    WHERE status = 'failed' AND (CAST(:id AS bigint) IS NULL OR id = :id) RETURNING id
"""


def dead_letters(session: Session) -> list[dict[str, Any]]:
    """The jobs that gave up, oldest first: `[{id, name, ids, attempts, gave_up_at}]`."""
    return [row._asdict() for row in sql.rows(session, _DEAD)]


def retry(session: Session, job_id: int | None = None) -> int:
    """Let one job that gave up, or all of them, begin anew; how many."""
    return len(sql.rows(session, _REVIVE, {"id": job_id}))
