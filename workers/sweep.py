"""What was promised and is not being done? Asked for again, every few seconds."""

import contextlib
from datetime import timedelta
from typing import Any

from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from sqlmodel import Session, col, select

from nerirepo.base import clock, work_files
from nerirepo.base.settings import settings
from nerirepo.database import jobs, sql
from nerirepo.database.db import reading, transaction
from nerirepo.notifications import of_photos, overdue
from nerirepo.photos import receive
from nerirepo.photos.links import UPLOAD_VALID_FOR
from nerirepo.photos.tables import Photo, PhotoState
from nerirepo.reports.history import ask_to_publish

LATE = timedelta(seconds=10)
"""A moment's grace: what is not in the queue at all is lost, and what gave up waits for a person."""
BATCH = 200
SECONDS_WITHOUT_HEARTBEAT = 20
"""A worker that lives says so every 5."""

_UNPUBLISHED = f"""
    SELECT id FROM (
        SELECT report.id FROM report LEFT JOIN published.report AS copy ON copy.id = report.id
        WHERE report.visibility = 'public' AND copy.id IS NULL AND report.updated_at < :late
        UNION ALL
        SELECT id FROM published.withdrawn WHERE media_prefix <> '' AND withdrawn_at < :late
    ) AS owed
    WHERE NOT {jobs.lock_is_held("'publish:' || owed.id")}
    LIMIT :batch
"""


def sweep(**_: Any) -> None:
    """Each kind in a transaction of its own: a fault in one does not hold up the others."""
    for ask_again in (overdue.ask_again, _photos, of_photos.catch_up, _public_copies):
        with transaction() as session:
            ask_again(session)
    if settings().uploads == "s3":
        _arrived_photos()
    work_files.clear_abandoned()


async def give_back(manager: JobManager) -> None:
    """Give back what a killed worker had in hand, unless it has been tried often enough.

    The sweeper's own jobs are left alone: the clock brings new ones.
    """
    attempts = {job.name: job.attempts for job in jobs.ALL}
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SECONDS_WITHOUT_HEARTBEAT):
        with contextlib.suppress(ConnectorException):  # another sweeper was faster
            if job.task_name == jobs.SWEEP.name:
                await manager.finish_job(job, status=Status.ABORTED, delete_job=True)
            elif job.attempts + 1 >= attempts.get(job.task_name, 0):
                await manager.finish_job(job, status=Status.FAILED, delete_job=False)
            else:
                await manager.retry_job(job)


def _photos(session: Session) -> None:
    late = clock.now() - LATE
    lost = ~jobs.is_queued("photo_id", col(Photo.id), jobs.PROCESS_PHOTO, or_gave_up=True)
    for photo in session.exec(
        select(Photo)
        .where(Photo.state == PhotoState.RECEIVED, col(Photo.received_at) < late, lost)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ):
        jobs.enqueue(session, jobs.PROCESS_PHOTO, photo_id=str(photo.id))


def _public_copies(session: Session) -> None:
    for row in sql.rows(session, _UNPUBLISHED, {"late": clock.now() - LATE, "batch": BATCH}):
        ask_to_publish(session, row.id)


def _arrived_photos() -> None:
    """Where phones send straight to the store, nobody tells us: look for what has been announced of late."""
    with reading() as session:
        awaited = session.exec(
            select(Photo)
            .where(
                Photo.state == PhotoState.AWAITING, col(Photo.announced_at) > clock.now() - UPLOAD_VALID_FOR
            )
            .limit(BATCH)
        ).all()
    for photo in awaited:
        receive.fetch_arrived(photo)
