"""Which pictures does a letter show, and are they there?"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.gateways import storage
from nerirepo.gateways.letter import Picture
from nerirepo.notifications.delivery import PicturesNotReady, waits_for_pictures
from nerirepo.notifications.of_photos import Sent
from nerirepo.notifications.tables import Delivery, RecipientKind
from nerirepo.photos.tables import Photo, PhotoState
from nerirepo.reports.status import EventKind
from nerirepo.reports.tables import PhotoRole, ReportEvent, ReportPhoto

RENDITION = "mail"
WITH_RESULT = frozenset({EventKind.RESOLVE, EventKind.DECLINE})
"""Letters that show what staff photographed."""
WITH_BEFORE = frozenset({EventKind.RESOLVE})
RECEIPT_WAITS = timedelta(seconds=20)
"""For the reporter's first photo, which may still be on its way: a receipt is looked for at once."""
MOST = 3
"""Pictures of a result in one letter: mailboxes of old phones take about two megabytes."""


def chosen(session: Session, delivery: Delivery, event: ReportEvent) -> dict[str, tuple[str, str]]:
    """Name to key and sha256 of the pictures of an event's letter.

    Raises `PicturesNotReady` for some minutes. The reporter sees their own photo, followers only what was
    cleared.
    """
    if event.kind == EventKind.SUBMIT:
        return _sent(session, delivery, event)
    if event.kind not in WITH_RESULT:
        return {}
    rows = session.exec(
        select(ReportPhoto, Photo)
        .join(Photo, col(Photo.id) == ReportPhoto.photo_id)
        .where(ReportPhoto.report_id == event.report_id)
        .order_by(col(ReportPhoto.position))
    ).all()
    after = [photo for shown, photo in rows if shown.event_seq == event.seq and shown.role == PhotoRole.AFTER]
    before = [
        photo
        for shown, photo in rows
        if shown.role == PhotoRole.BEFORE
        and (shown.is_cleared or delivery.recipient_kind == RecipientKind.REPORTER)
        and event.kind in WITH_BEFORE
    ]
    wanted = dict(zip(("before",), before, strict=False))
    wanted |= {f"after{number}": photo for number, photo in enumerate(after[:MOST], start=1)}
    being_made = any(photo.state == PhotoState.RECEIVED for photo in wanted.values())
    if being_made and waits_for_pictures(owed_since=delivery.created_at, now=clock.now()):
        raise PicturesNotReady
    return _stored(wanted)


def _sent(session: Session, delivery: Delivery, event: ReportEvent) -> dict[str, tuple[str, str]]:
    """The first photo that the reporter has sent, for the receipt."""
    first = session.exec(
        select(Photo)
        .join(ReportPhoto, col(ReportPhoto.photo_id) == Photo.id)
        .where(ReportPhoto.report_id == event.report_id, ReportPhoto.role == PhotoRole.BEFORE)
        .order_by(col(ReportPhoto.position))
    ).first()
    if first is None:
        return {}
    is_coming = first.state in (PhotoState.AWAITING, PhotoState.RECEIVED)
    if is_coming and clock.now() < delivery.created_at + RECEIPT_WAITS:
        raise PicturesNotReady
    return _stored({"sent": first})


def in_part(photos: Iterable[Sent]) -> dict[str, tuple[str, str]]:
    """What there is to see of photos that came in part: `photo2` is the reporter's second."""
    return _stored({f"photo{each.at}": each.photo for each in photos})


def _stored(wanted: Mapping[str, Photo]) -> dict[str, tuple[str, str]]:
    return {
        name: (f"{photo.prefix}{RENDITION}", photo.renditions[RENDITION]["sha256"])
        for name, photo in wanted.items()
        if RENDITION in photo.renditions
    }


def fetch(pictures: Mapping[str, tuple[str, str]]) -> tuple[Picture, ...]:
    """The pictures' bytes. Raises `StorageAway`; `ObjectMissing` where one was erased a moment ago."""
    bucket = storage.private_bucket()
    return tuple(Picture(name, storage.get(bucket, *stored)) for name, stored in pictures.items())
