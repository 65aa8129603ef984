"""Work for a worker: a report whose receipt is a letter, and a photo as a phone takes it."""

import hashlib
import io
from uuid import UUID

from PIL import Image
from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.database import jobs
from nerirepo.gateways import storage
from nerirepo.photos.tables import OwnerKind, Photo, PhotoState
from nerirepo.reporters.tables import Eligibility, Reporter
from nerirepo.reports.submission import Location, Submission
from nerirepo.reports.submit import submit

PHONE = (4032, 3024)
"""Pixels of what a phone takes: 12 million."""


def post(session: Session, number: int) -> None:
    """A report of somebody who has sent none before: one receipt by mail."""
    now = clock.now()
    reporter = Reporter(
        id=uuid7(),
        email=f"{number}@example.jp",
        eligibility=Eligibility.LIVES,
        created_at=now,
        last_seen_at=now,
    )
    session.add(reporter)
    session.flush()  # `submit` writes by SQL of its own
    place = Location(lat=35.7356, lon=139.6522, accuracy_m=8.0, source="gps")
    words = "道路に穴があいています。"
    submission = Submission(category="road.pothole", description=words, location=place, photo_ids=())
    submit(session, reporter, uuid7(), submission)


def receive(session: Session, picture: bytes) -> None:
    photo = Photo(
        id=uuid7(),
        owner_kind=OwnerKind.REPORTER,
        owner_id=UUID(int=0),
        sha256=hashlib.sha256(picture).hexdigest(),
        bytes=len(picture),
        content_type="image/jpeg",
        state=PhotoState.RECEIVED,
        announced_at=clock.now(),
        received_at=clock.now(),
    )
    session.add(photo)
    storage.put(storage.private_bucket(), f"{photo.prefix}original", picture, photo.content_type)
    jobs.enqueue(session, jobs.PROCESS_PHOTO, photo_id=str(photo.id))


def picture() -> bytes:
    """Noise in large spots: as many details as a street has."""
    spots = Image.effect_noise((PHONE[0] // 8, PHONE[1] // 8), 80).convert("RGB").resize(PHONE)
    file = io.BytesIO()
    spots.save(file, "JPEG", quality=90)
    return file.getvalue()
