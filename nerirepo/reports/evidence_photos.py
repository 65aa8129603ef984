"""Photos that an action carries: evidence that staff took, and the reporter's that the desk clears."""

from uuid import UUID

from sqlmodel import Session, col, select

from nerirepo.base.errors import Conflict, FieldFault, Invalid
from nerirepo.photos.tables import OwnerKind, Photo, PhotoState
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.own_photos import PhotoUnknown
from nerirepo.reports.status import Action
from nerirepo.reports.tables import PhotoRole, Report, ReportPhoto
from nerirepo.staff.tables import Member

TAKEN_BY_STAFF = frozenset({Action.RESOLVE, Action.DECLINE, Action.NOTE})
"""Actions whose photos are staff's own; the other actions' are the reporter's, cleared for the public."""
SHOWN_TO_PUBLIC = TAKEN_BY_STAFF - {Action.NOTE}


class PhotoNotReceived(Conflict):
    """The bytes of a photo have not come yet. Send them, then this again."""

    code = "photo_not_received"
    retryable = True


class PhotoRejected(Invalid):
    """A photo could not be read. Take another one."""

    code = "photo_rejected"


def attach_evidence(
    session: Session, member: Member, report: Report, request: ActionRequest, event_seq: int
) -> None:
    """Add the photos of an action to the report. Sent by staff, they are cleared by being sent."""
    if request.action not in TAKEN_BY_STAFF or not request.photo_ids:
        return
    photos = {
        photo.id: photo
        for photo in session.exec(
            select(Photo).where(
                col(Photo.id).in_(request.photo_ids),
                Photo.owner_kind == OwnerKind.MEMBER,
                Photo.owner_id == member.id,
            )
        )
    }
    _require(request.photo_ids, photos)
    there = {
        each.photo_id: each
        for each in session.exec(select(ReportPhoto).where(ReportPhoto.report_id == report.id))
    }
    for position, photo_id in enumerate(request.photo_ids, start=len(there)):
        if photo_id not in there:
            session.add(
                ReportPhoto(
                    report_id=report.id,
                    photo_id=photo_id,
                    role=PhotoRole.AFTER,
                    position=position,
                    event_seq=event_seq,
                    is_cleared=request.action in SHOWN_TO_PUBLIC,
                )
            )


def clear_photos(session: Session, report: Report, cleared: list[UUID]) -> None:
    """The public may see exactly `cleared` of the reporter's photos; staff's own are not touched."""
    rows = session.exec(
        select(ReportPhoto, Photo)
        .join(Photo, col(Photo.id) == ReportPhoto.photo_id)
        .where(ReportPhoto.report_id == report.id, ReportPhoto.role == PhotoRole.BEFORE)
    ).all()
    _require(cleared, {photo.id: photo for _, photo in rows})
    for shown, photo in rows:
        shown.is_cleared = photo.id in cleared


def _require(ids: list[UUID], photos: dict[UUID, Photo]) -> None:
    for position, photo_id in enumerate(ids):
        field = f"photo_ids.{position}"
        photo = photos.get(photo_id)
        if photo is None:
            raise PhotoUnknown(faults=(FieldFault(field, "photo_unknown", str(photo_id)),))
        if photo.state is PhotoState.AWAITING:
            raise PhotoNotReceived(retry_after=5)
        if photo.state is PhotoState.REJECTED:
            raise PhotoRejected(faults=(FieldFault(field, "photo_rejected", str(photo.reason)),))
