"""May this picture be served? Only while a row says so, whatever the bucket still holds."""

from dataclasses import dataclass

from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.gateways import storage


@dataclass(frozen=True)
class Picture:
    content_type: str
    bytes: int
    sha256: str


def picture(session: Session, key: str) -> Picture | None:
    """What is known of a picture that may be served; None for any other, whatever the bucket holds."""
    found = sql.first(
        session, "SELECT content_type, bytes, sha256 FROM published.media WHERE key = :key", {"key": key}
    )
    return Picture(*found) if found else None


def picture_bytes(key: str, known: Picture) -> bytes:
    """The picture's bytes; `known` is what `picture` knows of it."""
    return storage.get(storage.published_bucket(), key, known.sha256)
