"""Reports as the desk and the worker leave them, written straight into the database for what is public."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from PIL import Image
from sqlmodel import Session

from nerirepo.base.ids import uuid7
from nerirepo.database.db import transaction
from nerirepo.gateways import storage
from nerirepo.photos.tables import OwnerKind, Photo, PhotoState
from nerirepo.publication.publish import publish
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import (
    ActorKind,
    EventText,
    PhotoRole,
    Report,
    ReportEvent,
    ReportOriginal,
    ReportPhoto,
    ReportSubmission,
)

MONDAY = datetime(2026, 11, 16, 0, 30, tzinfo=UTC)
SECRET = "住所は豊玉北6-12-1、田中です"
"""What the resident wrote, and nobody else may read."""

_SIZES = {"large": (1200, 900), "medium": (1024, 768), "small": (400, 300)}


def add_report(session: Session, **changes: Any) -> Report:
    """A public report of a lamp that is out, with the line that it was received."""
    report_id = uuid7()
    values: dict[str, Any] = {
        "id": report_id,
        "number": f"NR-2026-{report_id.int % 1_000_000:06d}",
        "category_code": "lamp.out",
        "department_code": "lamps",
        "visibility": Visibility.PUBLIC,
        "location": "SRID=4326;POINT(139.6523 35.7357)",
        "town": "豊玉北六丁目",
        "public_text": "街路灯が消えていて、夜は暗いです。",
        "received_at": MONDAY,
        "updated_at": MONDAY,
    }
    report = Report(**values | changes)
    session.add(report)
    session.flush()
    session.add(ReportSubmission(report_id=report.id, content_sha256="0" * 64))
    session.add(ReportOriginal(report_id=report.id, description=SECRET))
    add_event(session, report, "submit", actor=ActorKind.REPORTER, at=report.received_at, words=SECRET)
    return report


def add_event(
    session: Session,
    report: Report,
    kind: str,
    *,
    actor: ActorKind = ActorKind.MEMBER,
    at: datetime | None = None,
    to: Status | None = None,
    note: str | None = None,
    internal: str | None = None,
    words: str | None = None,
    **facts: Any,
) -> None:
    """One line of history; `to` also becomes the report's status."""
    report.status = to or report.status
    event = ReportEvent(
        id=uuid7(),
        report_id=report.id,
        kind=kind,
        at=at or report.received_at + timedelta(hours=2),
        actor_kind=actor,
        to_status=report.status,
        version=1,
        facts=facts,
    )
    session.add(event)
    session.flush()
    assert event.seq is not None
    session.add(
        EventText(event_seq=event.seq, public_note=note, internal_note=internal, reporter_words=words)
    )
    session.flush()


def add_photo(
    session: Session,
    report: Report,
    *,
    role: PhotoRole = PhotoRole.BEFORE,
    is_cleared: bool = True,
    is_ready: bool = True,
    position: int = 0,
    colour: tuple[int, int, int] = (90, 110, 140),
) -> Photo:
    """A photo of the report, whose renditions lie in the private bucket."""
    photo = Photo(
        id=uuid7(),
        owner_kind=OwnerKind.REPORTER,
        sha256="0" * 64,
        bytes=1,
        content_type="image/jpeg",
        state=PhotoState.RECEIVED,
        announced_at=report.received_at,
    )
    session.add(photo)
    if is_ready:
        develop(photo, colour)
    session.flush()
    session.add(
        ReportPhoto(
            report_id=report.id, photo_id=photo.id, role=role, position=position, is_cleared=is_cleared
        )
    )
    session.flush()
    return photo


def develop(photo: Photo, colour: tuple[int, int, int] = (90, 110, 140)) -> None:
    """What the worker does with a photo, in short."""
    storage.put(storage.private_bucket(), f"{photo.prefix}original", b"with GPS", "image/jpeg")
    photo.renditions = {}
    for name, (width, height) in _SIZES.items():
        picture = _picture(width, height, colour)
        storage.put(storage.private_bucket(), f"{photo.prefix}{name}", picture, "image/webp")
        photo.renditions[name] = {
            "content_type": "image/webp",
            "width": width,
            "height": height,
            "bytes": len(picture),
            "sha256": hashlib.sha256(picture).hexdigest(),
        }
    photo.state = PhotoState.READY


@cache
def _picture(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").point(
        [value * part // 255 for part in colour for value in range(256)]
    ).save(file, "WEBP", quality=60)
    return file.getvalue()


def publish_now(report_id: UUID) -> None:
    with transaction() as session:
        publish(session, report_id)
