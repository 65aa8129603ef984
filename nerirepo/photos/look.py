"""One picture that was made of a photo, for somebody to whom its address was given."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from nerirepo.gateways import storage
from nerirepo.photos.announce import PhotoNotFound
from nerirepo.photos.tables import Photo


@dataclass(frozen=True)
class Look:
    content: bytes
    content_type: str
    sha256: str


def rendition(session: Session, photo_id: UUID, name: str) -> Look:
    """Raises `PhotoNotFound`, also where its bytes are gone, and `StorageAway`."""
    photo = session.get(Photo, photo_id)
    made = photo.renditions.get(name) if photo else None
    if photo is None or made is None:
        raise PhotoNotFound
    try:
        content = storage.get(storage.private_bucket(), f"{photo.prefix}{name}", made["sha256"])
    except storage.ObjectMissing:
        raise PhotoNotFound from None
    return Look(content, made["content_type"], made["sha256"])
