"""What a photo looks like to those who may see it."""

from typing import Annotated, cast

from pydantic import Field
from typing_extensions import TypedDict

from nerirepo.photos import links
from nerirepo.photos.links import Upload
from nerirepo.photos.renditions import Picture
from nerirepo.photos.tables import Photo as Row
from nerirepo.photos.tables import PhotoState
from nerirepo.words.fields import Coordinates, WrittenMoment


class Rendition(Picture):
    """A picture that was made of a photo, and its name: large, medium, small."""

    name: str


class SuggestedPlace(Coordinates):
    """Where the camera says that it was. `accuracy_m`: by how many metres it says that it may be wrong."""

    accuracy_m: Annotated[float | None, Field(json_schema_extra={"default": None})]


class Suggestion(TypedDict):
    """What the camera wrote."""

    place: SuggestedPlace | None
    taken_at: WrittenMoment | None


class ShownPhoto(TypedDict):
    """`state`: awaiting, received, ready or rejected. `reason` of a rejection is a code of an open list:
    photo_type_not_allowed, photo_damaged, photo_too_many_pixels, photo_too_small ..."""

    photo_id: str
    state: str
    reason: str | None
    sha256: str
    renditions: list[Rendition]


class Photo(ShownPhoto):
    """A phone deletes its own picture only when `state` is received or ready, with its `sha256`."""

    bytes: int
    content_type: str
    suggestion: Suggestion | None
    upload: Upload | None


def renditions(photo: Row) -> list[Rendition]:
    """Largest first; empty until the photo is ready."""
    return [
        {
            "name": name,
            "url": links.rendition_url(photo.id, name),
            "width": made["width"],
            "height": made["height"],
            "content_type": made["content_type"],
        }
        for name, made in sorted(photo.renditions.items(), key=lambda item: -item[1]["width"])
        if name != "mail"
    ]


def shown(photo: Row) -> ShownPhoto:
    """To a colleague or the owner: what it is and where to look at it."""
    return {
        "photo_id": str(photo.id),
        "state": photo.state,
        "reason": photo.reason,
        "sha256": photo.sha256,
        "renditions": renditions(photo),
    }


def own(photo: Row) -> Photo:
    """To whoever announced it: also what the camera wrote, and where the awaited bytes go."""
    return {
        **shown(photo),
        "bytes": photo.bytes,
        "content_type": photo.content_type,
        "suggestion": cast("Suggestion | None", photo.suggestion),
        "upload": links.upload(photo) if photo.state is PhotoState.AWAITING else None,
    }
