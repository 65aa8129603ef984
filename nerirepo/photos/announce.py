"""A client says which picture will come: create-or-same by the client's own id."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt
from sqlmodel import Session

from nerirepo import clock, rate_limit, sql
from nerirepo.errors import Conflict, FieldFault, Invalid, NotFound
from nerirepo.fields import Request, Sha256
from nerirepo.photos import formats
from nerirepo.photos.tables import OwnerKind, Photo

NEW_PHOTOS = rate_limit.Limit("photo", times=1500, window=timedelta(hours=1))
"""Five for each report of the reports' own limit."""


_ANNOUNCE = """
    INSERT INTO photo (id, owner_kind, owner_id, sha256, bytes, content_type, state, renditions, announced_at)
    VALUES (:id, :owner_kind, :owner_id, :sha256, :bytes, :content_type, 'awaiting', '{}', :announced_at)
    ON CONFLICT DO NOTHING
"""


class PhotoIdTaken(Conflict):
    """Another photo has this id."""

    code = "photo_id_taken"


class PhotoNotFound(NotFound):
    """There is no such photo of yours."""

    code = "photo_not_found"


class PhotoNotTaken(Invalid):
    """Photos of this type or size are not taken."""

    code = "photo_not_taken"


@dataclass(frozen=True)
class Owner:
    kind: OwnerKind
    id: UUID


class Announcement(Request):
    """`bytes`: length of the file. `sha256`: of the file, lower-case hex."""

    sha256: Sha256
    bytes: StrictInt
    content_type: Annotated[str, Field(strict=True, max_length=100)]


def announce(session: Session, owner: Owner, photo_id: UUID, announcement: Announcement) -> Photo:
    """The photo with this id, made if it is new. The same announcement again is answered alike."""
    content_type = _check(announcement)
    announced = {
        "id": photo_id,
        "owner_kind": owner.kind,
        "owner_id": owner.id,
        "sha256": announcement.sha256,
        "bytes": announcement.bytes,
        "content_type": content_type,
        "announced_at": clock.now(),
    }
    if sql.run(session, _ANNOUNCE, announced):
        rate_limit.count(session, NEW_PHOTOS, str(owner.id))
        return Photo(**announced)
    photo = session.get_one(Photo, photo_id)
    if (photo.owner_kind, photo.owner_id) != (owner.kind, owner.id):
        raise PhotoIdTaken
    if (photo.sha256, photo.bytes, photo.content_type) != (
        announcement.sha256,
        announcement.bytes,
        content_type,
    ):
        raise PhotoIdTaken
    return photo


def own_photo(session: Session, owner: Owner, photo_id: UUID) -> Photo:
    """The photo, to whoever announced it and to nobody else."""
    photo = session.get(Photo, photo_id)
    if photo is None or (photo.owner_kind, photo.owner_id) != (owner.kind, owner.id):
        raise PhotoNotFound
    return photo


def _check(announcement: Announcement) -> str:
    content_type = formats.allowed_content_type(announcement.content_type)
    if content_type is None:
        raise PhotoNotTaken(
            faults=(FieldFault("content_type", "photo_type_not_allowed", ", ".join(formats.CONTENT_TYPES)),)
        )
    if announcement.bytes < 1:
        raise PhotoNotTaken(faults=(FieldFault("bytes", "photo_empty", "at least 1 byte"),))
    if announcement.bytes > formats.MAX_BYTES:
        raise PhotoNotTaken(
            faults=(FieldFault("bytes", "photo_too_large", f"at most {formats.MAX_BYTES} bytes"),)
        )
    return content_type
