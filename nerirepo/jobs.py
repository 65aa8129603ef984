"""What can be asked for, to be done soon after the commit. The queue is rows in the same database.

A job is inserted on the caller's own connection: it exists if and only if the caller's transaction commits.
Jobs carry ids and no words, re-read the truth, may run twice and do their work once. `workers/` binds one
handler to each name.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from procrastinate import App, SyncPsycopgConnector
from sqlmodel import Session

from nerirepo.db import driver_connection


@dataclass(frozen=True)
class Job:
    """`priority`: higher runs first. `tries`: before it is left as a visible dead letter."""

    name: str
    priority: int = 0
    tries: int = 8
    cron: str | None = None
    """When it is asked for by the clock, in UTC."""


SEND_CODE = Job("send_code", priority=20)
"""challenge_id: write the letter with a sign-in's code."""
SEND_URGENT = Job("send_urgent", priority=20)
"""delivery_id: a sign-in code, a danger. Somebody waits for it."""
NOTIFY = Job("notify", priority=10)
"""event_id: write the deliveries that an event owes."""
PUBLISH = Job("publish", priority=5)
"""report_id: bring the public copy up to date."""
SEND = Job("send")
"""delivery_id: send one letter."""
PROCESS_PHOTO = Job("process_photo")
"""photo_id: decode and make the renditions."""
DELETE_OBJECTS = Job("delete_objects")
"""bucket, prefix, keep (keys, none by default): delete what the database no longer names."""
DIGEST = Job("digest", cron="0 22 * * *")
"""Departments' morning letter: 07:00 in Japan."""
COUNT = Job("count", cron="*/10 * * * *")
"""Count all reports for the public statistics."""
SWEEP = Job("sweep", priority=30, cron="* * * * *")
"""Ask again for whatever was promised and not done."""
EXPIRE = Job("expire", cron="30 17 * * *")
"""Delete what has reached the end of its retention: 02:30 in Japan."""

ALL = (
    SEND_CODE,
    SEND_URGENT,
    NOTIFY,
    PUBLISH,
    SEND,
    PROCESS_PHOTO,
    DELETE_OBJECTS,
    DIGEST,
    COUNT,
    SWEEP,
    EXPIRE,
)


@cache
def _asker() -> App:
    # Never opened: every job goes in on a connection of the caller's.
    return App(connector=SyncPsycopgConnector())


def ask(
    session: Session, job: Job, *, at: datetime | None = None, lock: str | None = None, **ids: Any
) -> None:
    """Ask for `job` once the session's transaction has committed.

    Jobs with the same `lock` run one at a time and in the order in which they were asked for.
    """
    session.flush()
    _asker().configure_task(
        job.name,
        connection=driver_connection(session),
        schedule_at=at,
        lock=lock,
        priority=job.priority,
        task_kwargs=ids,
    ).defer()
