"""A report's life by the real use-cases: residents who post, staff who act, photos that are ready."""

import asyncio
import hashlib
import io
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image
from sqlalchemy import text
from sqlmodel import Session, select

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.database.db import transaction
from nerirepo.gateways import storage
from nerirepo.gateways.mail import Letterbox
from nerirepo.notifications import notify
from nerirepo.notifications.send import send
from nerirepo.notifications.tables import Delivery
from nerirepo.photos.tables import OwnerKind, Photo, PhotoState
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.act import Acted, act
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.submission import Submission
from nerirepo.reports.submit import submit
from nerirepo.reports.tables import ReportEvent
from nerirepo.staff.tables import Member
from tests.factories.people import Person

WORDS = "夜になると真っ暗で、こわいです。"


def a_submission(
    category: str = "lamp.out",
    photo_ids: tuple[UUID, ...] = (),
    words: str = WORDS,
    answers: dict[str, Any] | None = None,
) -> Submission:
    """A lamp that is out, in the middle of the ward."""
    return Submission.model_validate(
        {
            "category": category,
            "description": words,
            "location": {"lat": 35.7379, "lon": 139.6542, "accuracy_m": 8.0, "source": "gps"},
            "photo_ids": photo_ids,
            "answers": answers or {},
        }
    )


def post(reporter: Reporter, **content: Any) -> UUID:
    """Post `a_submission`; returns the report's id."""
    with transaction() as session:
        return submit(session, reporter, uuid7(), a_submission(**content)).report_id


def take_action(who: Member | Person, report_id: UUID | str, action: str, **fields: Any) -> Acted:
    """Let a member of staff act on a report."""
    request = ActionRequest.model_validate({"action_id": uuid7(), "action": action, **fields})
    with transaction() as session:
        return act(session, session.get_one(Member, who.id), UUID(str(report_id)), request, None)


def ready_photo(owner: Reporter | Member, *, colour: str = "green", is_ready: bool = True) -> UUID:
    """A photo whose original and rendition for letters lie in the store."""
    pixels = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(pixels, "JPEG")
    sha256 = hashlib.sha256(pixels.getvalue()).hexdigest()
    photo = Photo(
        id=uuid7(),
        owner_kind=OwnerKind.MEMBER if isinstance(owner, Member) else OwnerKind.REPORTER,
        owner_id=owner.id,
        sha256=sha256,
        bytes=len(pixels.getvalue()),
        content_type="image/jpeg",
        state=PhotoState.READY if is_ready else PhotoState.RECEIVED,
        renditions={"mail": {"content_type": "image/jpeg", "sha256": sha256}} if is_ready else {},
        announced_at=clock.now(),
        received_at=clock.now(),
    )
    for name in ("original", "mail"):
        storage.put(storage.private_bucket(), f"{photo.prefix}{name}", pixels.getvalue(), "image/jpeg")
    with transaction() as session:
        session.add(photo)
    return photo.id


def objects_of(*photos: UUID) -> list[str]:
    """`<photo>/<name>` of what the private store holds of these photos."""
    found = []
    for photo_id in photos:
        listed = storage.client().list_objects_v2(
            Bucket=storage.private_bucket(), Prefix=f"photos/{photo_id}/"
        )
        found += [each["Key"].removeprefix("photos/") for each in listed.get("Contents", ())]
    return found


def notify_all() -> None:
    """Write what every event owes, in the order of history."""
    with transaction() as session:
        events = session.exec(select(ReportEvent.id).order_by(text("seq"))).all()
    for event_id in events:
        with transaction() as session:
            notify.notify(session, event_id)


def owed(session: Session, **wanted: Any) -> list[Delivery]:
    return list(session.exec(select(Delivery).filter_by(**wanted).order_by(text("seq"))))


def deliveries(**wanted: Any) -> list[Delivery]:
    with transaction() as session:
        return owed(session, **wanted)


def send_all() -> None:
    """Try once to send whatever is unfinished, in the order in which it was owed."""

    async def go() -> None:
        async with Letterbox() as letterbox:
            for each in deliveries():
                await send(letterbox, each.id)

    asyncio.run(go())


def letters(mailbox: Path, to: str | None = None) -> list[EmailMessage]:
    """What the mail server has taken, oldest first, parsed strictly; for one recipient or for all."""
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(mailbox.glob("*.eml"))]
    return [each for each in found if to is None or to in (each["Delivered-To"] or "")]  # type: ignore[misc]


def body(letter: EmailMessage, form: str = "plain") -> str:
    part = letter.get_body((form,))
    assert part is not None
    return part.get_content()
