"""A client says which picture will come: create-or-same by the client's own id."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StrictInt
from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.errors import Conflict, FieldFault, Invalid, NotFound, TooMany
from nerirepo.base.settings import settings
from nerirepo.catalogue.offered import offered
from nerirepo.database import rate_limit, sql
from nerirepo.photos import formats
from nerirepo.photos.tables import OwnerKind, Photo
from nerirepo.words.fields import Request, Sha256

MEGABYTE = 1_000_000

NEW_PHOTOS = rate_limit.Limit("photo", times=1500, window=timedelta(hours=1))
"""Five for each report of the reports' own limit."""


_ANNOUNCE = """
    INSERT INTO photo (id, owner_kind, owner_id, sha256, bytes, content_type, state, renditions, announced_at)
    VALUES (:id, :owner_kind, :owner_id, :sha256, :bytes, :content_type, 'awaiting', '{}', :announced_at)
    ON CONFLICT DO NOTHING
"""


DAY = timedelta(days=1)
_IN_THE_WAY = """
    WITH recent AS (
        SELECT announced_at, sum(bytes) OVER (ORDER BY announced_at DESC, id DESC) AS since_then
        FROM photo WHERE owner_kind = :owner_kind AND owner_id = :owner_id AND announced_at > :since
    )
    SELECT max(announced_at) AS moment FROM recent WHERE since_then > :most
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
    """Who announces; `is_registered`: as a resident who may post, and as a member of staff."""

    kind: OwnerKind
    id: UUID
    is_registered: bool = True


class Announcement(Request):
    """`bytes`: length of the file. `sha256`: of the file, lower-case hex."""

    sha256: Sha256
    bytes: StrictInt
    content_type: Annotated[str, Field(strict=True, max_length=100)]


def announce(session: Session, owner: Owner, photo_id: UUID, announcement: Announcement) -> Photo:
    """The photo with this id, made if it is new. The same announcement again is answered alike."""
    content_type = _check(announcement)
    announced: dict[str, Any] = {
        "id": photo_id,
        "owner_kind": owner.kind,
        "owner_id": owner.id,
        "sha256": announcement.sha256,
        "bytes": announcement.bytes,
        "content_type": content_type,
        "announced_at": clock.now(),
    }
    if sql.run(session, _ANNOUNCE, announced):
        # The counter's lock lets announcements of one person queue up: each sees the bytes of those before.
        rate_limit.count(session, NEW_PHOTOS, str(owner.id))
        _check_bytes(session, owner, announced["announced_at"])
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


def _check_bytes(session: Session, owner: Owner, now: datetime) -> None:
    """Raise `TooMany` where a resident has announced more than may be kept for them in a day.

    Counted here, before a byte has come, and never later: what a receipt names is taken in.
    """
    if owner.kind is not OwnerKind.REPORTER:
        return
    limits = settings()
    most = limits.photo_mb_per_day if owner.is_registered else limits.photo_mb_per_day_unregistered
    asked = {
        "owner_kind": owner.kind,
        "owner_id": owner.id,
        "since": now - DAY,
        "most": most * MEGABYTE,
    }
    if in_the_way := sql.first(session, _IN_THE_WAY, asked).moment:
        raise TooMany(retry_after=max(1, ceil((in_the_way + DAY - now).total_seconds())))


def own_photo(session: Session, owner: Owner, photo_id: UUID) -> Photo:
    """The photo, to whoever announced it and to nobody else."""
    photo = session.get(Photo, photo_id)
    if photo is None or (photo.owner_kind, photo.owner_id) != (owner.kind, owner.id):
        raise PhotoNotFound
    return photo


def _check(announcement: Announcement) -> str:
    if announcement.bytes < 1:
        raise PhotoNotTaken(faults=(FieldFault("bytes", "photo_empty", "at least 1 byte"),))
    content_type = formats.allowed_content_type(announcement.content_type)
    taken = offered()
    if content_type is None or content_type not in taken.photo_types:
        raise PhotoNotTaken(
            faults=(FieldFault("content_type", "photo_type_not_allowed", ", ".join(taken.photo_types)),)
        )
    if announcement.bytes > taken.photo_bytes:
        raise PhotoNotTaken(
            faults=(FieldFault("bytes", "photo_too_large", f"at most {taken.photo_bytes} bytes"),)
        )
    return content_type
