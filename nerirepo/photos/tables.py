"""A picture on its way from a phone to its renditions."""
# SQLModel declares __tablename__ as a descriptor.
# pyright: reportAssignmentType=false

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from nerirepo.database.columns import JSONB, MOMENT, Choice, one_of
from nerirepo.photos.outcome import PhotoState


class OwnerKind(StrEnum):
    REPORTER = "reporter"
    MEMBER = "member"


class Photo(SQLModel, table=True):
    """Personal until published: originals and renditions lie in the private bucket below `prefix`."""

    __tablename__ = "photo"
    __table_args__ = (
        one_of("state", PhotoState),
        one_of("owner_kind", OwnerKind),
        Index("photo_owner", "owner_id"),
        Index("photo_unfinished", "received_at", postgresql_where=text("state = 'received'")),
    )

    id: UUID = Field(primary_key=True)
    """Made by the client."""
    owner_kind: OwnerKind = Field(sa_type=Choice(OwnerKind))
    owner_id: UUID | None = None
    """NULL once the person has been erased."""
    sha256: str
    bytes: int
    content_type: str
    state: PhotoState = Field(default=PhotoState.AWAITING, sa_type=Choice(PhotoState))
    reason: str | None = None
    """Code of why it was rejected; `photo_incomplete` where a part of a picture that is ready is missing."""
    renditions: dict[str, dict[str, Any]] = Field(sa_type=JSONB, default_factory=dict)
    """Name (large, medium, small, mail) to `content_type`, `width`, `height`, `bytes`, `sha256`."""
    suggestion: dict[str, Any] | None = Field(sa_type=JSONB, default=None)
    """Place and time that the camera wrote: shown to its owner only."""
    announced_at: datetime = Field(sa_type=MOMENT, index=True)
    received_at: datetime | None = Field(default=None, sa_type=MOMENT)
    finished_at: datetime | None = Field(default=None, sa_type=MOMENT)

    @property
    def prefix(self) -> str:
        """Where its objects lie in the private bucket: `original`, and one a rendition."""
        return f"photos/{self.id}/"
