"""What a photo looks like to those who may see it."""

from typing import Any

from nerirepo.photos import links
from nerirepo.photos.tables import Photo, PhotoState


def renditions(photo: Photo) -> list[dict[str, Any]]:
    """[{name, url, width, height, content_type}], largest first; empty until the photo is ready."""
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


def shown(photo: Photo) -> dict[str, Any]:
    """To a colleague or the owner: what it is and where to look at it."""
    return {
        "photo_id": str(photo.id),
        "state": photo.state,
        "reason": photo.reason,
        "sha256": photo.sha256,
        "renditions": renditions(photo),
    }


def own(photo: Photo) -> dict[str, Any]:
    """To whoever announced it: also what the camera wrote, and where the awaited bytes go."""
    return shown(photo) | {
        "bytes": photo.bytes,
        "content_type": photo.content_type,
        "suggestion": photo.suggestion,
        "upload": links.upload(photo) if photo.state is PhotoState.AWAITING else None,
    }
