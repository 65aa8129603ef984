"""Addresses of a photo that need no sign-in: to send its bytes to, and to look at a rendition.

Each speaks for one photo, for a while; whoever was told it may use it.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from typing_extensions import TypedDict

from nerirepo.base import clock
from nerirepo.base.errors import NotAllowed
from nerirepo.base.keys import accepted, subkey
from nerirepo.base.settings import settings
from nerirepo.gateways import storage
from nerirepo.photos.tables import Photo

UPLOAD_VALID_FOR = timedelta(hours=6)
"""20 MB at the speed of a bad mobile network, and a tunnel; a phone may ask for a new one at any time."""
LOOK_VALID_FOR = timedelta(hours=2)

PURPOSE = "photo link"


class PhotoLinkInvalid(NotAllowed):
    """This address is not valid any more. Please ask for a new one."""

    code = "photo_link_invalid"


class Upload(TypedDict):
    """Send the bytes with this method to this absolute URL, with just these headers."""

    method: str
    url: str
    headers: dict[str, str]
    expires_at: datetime


def upload(photo: Photo) -> Upload:
    """Where the bytes go, through us or straight to the store."""
    expires_at = clock.now() + UPLOAD_VALID_FOR
    if settings().uploads == "s3":
        url = storage.presigned_put(
            storage.private_bucket(),
            f"{photo.prefix}incoming",
            content_type=photo.content_type,
            bytes=photo.bytes,
            seconds=int(UPLOAD_VALID_FOR.total_seconds()),
        )
    else:
        url = _signed(f"/v1/photos/{photo.id}/bytes", expires_at)
    return {
        "method": "PUT",
        "url": url,
        "headers": {"Content-Type": photo.content_type},
        "expires_at": expires_at,
    }


def rendition_url(photo_id: UUID, name: str) -> str:
    """Where a rendition can be seen for the next hours. The same within an hour: a browser caches it."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    return _signed(f"/v1/photos/{photo_id}/renditions/{name}", hour + LOOK_VALID_FOR)


def check(path: str, expires: int, signature: str) -> None:
    """Raise `PhotoLinkInvalid` unless we made this address and it still holds."""
    made = [_signature(key, path, expires) for key in accepted(PURPOSE)]
    if not any(hmac.compare_digest(each.encode(), signature.encode()) for each in made):
        raise PhotoLinkInvalid
    if expires <= clock.now().timestamp():
        raise PhotoLinkInvalid


def _signed(path: str, expires_at: datetime) -> str:
    expires = int(expires_at.astimezone(UTC).timestamp())
    query = urlencode({"expires": expires, "signature": _signature(subkey(PURPOSE), path, expires)})
    return f"{settings().base_url}{path}?{query}"


def _signature(key: bytes, path: str, expires: int) -> str:
    return hmac.new(key, f"{path}?{expires}".encode(), hashlib.sha256).hexdigest()
