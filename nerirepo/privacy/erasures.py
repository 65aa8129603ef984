"""Who has been erased, should the database go back to before it? A record that does not go back with it.

One empty object for each, in the private bucket, named by the day and by the person's id: a random number
that no other record knows any more. The nightly backup copies it with the pictures. Written by a job, so that
an erasure is recorded even where the store was away.
"""

from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.database import jobs
from nerirepo.gateways import storage

PREFIX = "erased/"
KEPT = timedelta(days=60)
"""Twice as long as a backup: no copy from before the erasure is left."""


def ask_to_record(session: Session, reporter_id: UUID) -> None:
    """In the transaction that erases."""
    day = clock.today_in_japan().isoformat()
    jobs.enqueue(session, jobs.RECORD_ERASURE, reporter_id=str(reporter_id), day=day)


def record(reporter_id: UUID, day: date) -> None:
    """The handler of job RECORD_ERASURE. Twice is once."""
    key = f"{PREFIX}{day}/{reporter_id}"
    storage.put(storage.private_bucket(), key, b"", "application/octet-stream")


def recorded() -> list[UUID]:
    """Everybody who was erased of late."""
    return [UUID(key.rpartition("/")[2]) for key in _keys()]


def forget(today: date) -> None:
    """Delete what no backup needs any more."""
    days = {key.split("/")[1] for key in _keys()}
    for day in days:
        if date.fromisoformat(day) <= today - KEPT:
            storage.delete_below(storage.private_bucket(), f"{PREFIX}{day}/")


def _keys() -> list[str]:
    with storage.storage_errors():
        pages = storage.client().get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=storage.private_bucket(), Prefix=PREFIX)
        return [item["Key"] for page in found for item in page.get("Contents", ())]
