"""What came of a photo: its renditions and what its EXIF suggests, or the reason why it was refused."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class PhotoState(StrEnum):
    AWAITING = "awaiting"
    RECEIVED = "received"
    READY = "ready"
    REJECTED = "rejected"


Reason = Literal[
    "photo_empty",  # no bytes at all
    "photo_too_large",  # bytes
    "photo_type_not_allowed",  # by its first bytes, whatever was announced
    "photo_too_small",  # pixels
    "photo_too_many_pixels",
    "photo_damaged",  # truncated, malformed, or it crashed the decoder
    "photo_too_complex",  # memory
    "photo_too_slow",  # CPU time
]


INCOMPLETE = "photo_incomplete"
"""The reason that a photo carries which is ready, but not whole."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Strict):
    """Degrees, WGS 84."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    accuracy_m: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """By how much the camera says that it may be wrong, in metres."""


class Suggestion(Strict):
    """What the photo's EXIF claims: for the reporter to confirm, never published."""

    place: Place | None
    taken_at: AwareDatetime | None


@dataclass(frozen=True)
class Rendition:
    name: str
    """One of `renditions.KINDS`."""
    content_type: str
    width: int
    height: int
    bytes: int
    sha256: str
    """Hexadecimal."""
    path: Path


@dataclass(frozen=True)
class Rendered:
    content_type: str
    """What the original really is."""
    width: int
    """Of the original, upright; and so is `height`."""
    height: int
    renditions: tuple[Rendition, ...]
    suggestion: Suggestion
    is_incomplete: bool = False
    """Some of the picture is missing: it was cut off, or broken inside."""


@dataclass(frozen=True)
class Rejected:
    reason: Reason
    detail: str
    """For the log; it may quote the file, so it is shown to nobody."""
