"""Some of a resident's photos could not be opened, or came in part only: who has told them, and who will?

The receipt does, where it leaves late enough; else one letter more, once nothing is on its way any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.catalogue.offered import offered
from nerirepo.database import sql
from nerirepo.database.db import transaction
from nerirepo.notifications.lease import is_still
from nerirepo.notifications.notify import owe
from nerirepo.notifications.recipients import told_of_photos
from nerirepo.notifications.tables import CauseKind, Delivery, DeliveryState, RecipientKind
from nerirepo.photos.tables import Photo, PhotoState
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.status import EventKind
from nerirepo.reports.tables import PhotoRole, ReportOriginal, ReportPhoto

COMES_WITHIN = timedelta(days=1)
"""What a phone has announced and not sent by then is not waited for any more."""
BATCH = 200
TOLD = "told_photos"
"""Among a delivery's facts: the ids of the photos of which its letter spoke."""

_UNTOLD = """
    SELECT DISTINCT shown.report_id AS id
    FROM photo JOIN report_photo AS shown ON shown.photo_id = photo.id AND shown.role = 'before'
    WHERE photo.announced_at > :since AND photo.reason IS NOT NULL AND NOT EXISTS (
        SELECT FROM delivery WHERE cause_kind = 'photos' AND cause_id = shown.report_id::text
    )
    LIMIT :batch
"""


@dataclass(frozen=True)
class Sent:
    """A photo of the reporter's, and the how manieth of theirs it is."""

    at: int
    photo: Photo

    @property
    def is_unseen(self) -> bool:
        """Rejected, or ready and not whole."""
        return self.photo.reason is not None

    @property
    def is_coming(self) -> bool:
        if self.photo.state is PhotoState.AWAITING:
            return self.photo.announced_at > clock.now() - COMES_WITHIN
        return self.photo.state is PhotoState.RECEIVED


def sent(session: Session, report_id: UUID) -> list[Sent]:
    """The reporter's own photos, in their order."""
    photos = session.exec(
        select(Photo)
        .join(ReportPhoto, col(ReportPhoto.photo_id) == Photo.id)
        .where(ReportPhoto.report_id == report_id, ReportPhoto.role == PhotoRole.BEFORE)
        .order_by(col(ReportPhoto.position))
    )
    return [Sent(at, photo) for at, photo in enumerate(photos, start=1)]


def untold(session: Session, report_id: UUID, photos: Iterable[Sent]) -> list[Sent]:
    """Those that nobody can see in full, and of which the receipt did not speak."""
    return _untold(_receipt(session, report_id), photos)


def _untold(receipt: Delivery | None, photos: Iterable[Sent]) -> list[Sent]:
    spoken: list[str] = receipt.facts.get(TOLD, []) if receipt and receipt.state is DeliveryState.SENT else []
    return [each for each in photos if each.is_unseen and str(each.photo.id) not in spoken]


def remember(letter: Delivery, told: list[str]) -> None:
    """Write down before a letter leaves which photos it tells of."""
    with transaction() as session:
        session.exec(update(Delivery).where(is_still(letter)).values(facts=letter.facts | {TOLD: told}))


def on_photo_settled(session: Session, photo_id: UUID) -> None:
    """Owe the letters that this photo was waited for with."""
    of = select(ReportPhoto.report_id).where(
        ReportPhoto.photo_id == photo_id, ReportPhoto.role == PhotoRole.BEFORE
    )
    for report_id in session.exec(of).all():
        _owe(session, report_id)


def catch_up(session: Session) -> None:
    """Owe what no photo's end brings about: where another photo never came, or the receipt just left."""
    since = clock.now() - 2 * COMES_WITHIN
    for row in sql.rows(session, _UNTOLD, {"since": since, "batch": BATCH}):
        _owe(session, row.id)


def _owe(session: Session, report_id: UUID) -> None:
    photos = sent(session, report_id)
    receipt = _receipt(session, report_id)
    for letter in told_of_photos(
        are_settled=not any(each.is_coming for each in photos),
        any_untold=bool(_untold(receipt, photos)),
        # Until then it can still say so itself.
        receipt_has_left=receipt is not None and receipt.state is not DeliveryState.OWED,
    ):
        own = select(ReportOriginal.reporter_id).where(ReportOriginal.report_id == report_id)
        for person in session.exec(
            select(Reporter).where(col(Reporter.id).in_(own), col(Reporter.mail_updates))
        ):
            owe(session, **_delivery(report_id, person, letter.template))


def _delivery(report_id: UUID, person: Reporter, template: str) -> dict[str, Any]:
    return {
        "cause_kind": CauseKind.PHOTOS,
        "cause_id": str(report_id),
        "recipient_kind": RecipientKind.REPORTER,
        "recipient_id": str(person.id),
        "address": person.email,
        "template": template,
        "locale": offered().spoken(person.locale),
        "report_id": report_id,
    }


def _receipt(session: Session, report_id: UUID) -> Delivery | None:
    return session.exec(
        select(Delivery).where(
            Delivery.report_id == report_id,
            Delivery.template == EventKind.SUBMIT,
            Delivery.recipient_kind == RecipientKind.REPORTER,
        )
    ).first()
