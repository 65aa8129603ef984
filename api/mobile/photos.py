"""Photos: announced, sent to where we say, and looked at."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response
from typing_extensions import TypedDict

from api.audience import ReadingReporter, WritingReporter
from api.mobile.as_json import AsJson
from api.mobile.contract import answers, binary, files
from api.mobile.named import Expires, PhotoId, Signature
from nerirepo.base.errors import NotSignedIn, TooMany
from nerirepo.catalogue.most import PHOTO_TYPES
from nerirepo.gateways.storage import StorageAway
from nerirepo.photos import links, look, receive, view
from nerirepo.photos.announce import (
    Announcement,
    Owner,
    PhotoIdTaken,
    PhotoNotFound,
    PhotoNotTaken,
    announce,
)
from nerirepo.photos.links import PhotoLinkInvalid
from nerirepo.photos.tables import OwnerKind
from nerirepo.photos.view import Photo
from web.audience import for_everyone
from web.db import Reading, Transaction

router = APIRouter(route_class=AsJson, prefix="/photos", tags=["photos"])


class PhotoReceived(TypedDict):
    """The bytes have come, and are what was announced."""

    photo_id: str
    state: str
    sha256: str


@router.put("/{photo_id}", **answers(Photo, NotSignedIn, PhotoIdTaken, PhotoNotTaken, TooMany, writes=True))
def announce_photo(
    session: Transaction, reporter: WritingReporter, photo_id: PhotoId, body: Announcement
) -> Photo:
    """Say which picture will come, and hear where to send it. The same again is answered alike."""
    owner = Owner(OwnerKind.REPORTER, reporter.id, is_registered=reporter.eligibility is not None)
    return view.own(announce(session, owner, photo_id, body))


@router.get("/{photo_id}", **answers(Photo, NotSignedIn, PhotoNotFound, StorageAway))
def look_at_photo(session: Reading, reporter: ReadingReporter, photo_id: PhotoId) -> Photo:
    """How far a photo has come. A phone keeps its own until this says received or ready, with its sha256."""
    return view.own(receive.as_it_stands(session, Owner(OwnerKind.REPORTER, reporter.id), photo_id))


@router.put(
    "/{photo_id}/bytes",
    dependencies=[for_everyone],
    **answers(
        PhotoReceived, PhotoLinkInvalid, PhotoNotFound, receive.PhotoBytesDiffer, StorageAway, writes=True
    ),
    openapi_extra={"requestBody": {"required": True, "content": binary(PHOTO_TYPES)}},
)
async def send_bytes(
    request: Request, photo_id: PhotoId, expires: Expires, signature: Signature
) -> PhotoReceived:
    """Take the bytes at the address that the announcement gave. Sent twice, they are taken once."""
    links.check(request.scope["path"], expires, signature)
    photo = await to_thread.run_sync(receive.awaited, photo_id)
    file = await receive.spool(request.stream(), photo)
    with file:
        state = await to_thread.run_sync(receive.store, photo, file)
    return {"photo_id": str(photo.id), "state": state.value, "sha256": photo.sha256}


@router.get(
    "/{photo_id}/renditions/{name}",
    dependencies=[for_everyone],
    **files(("image/webp", "image/jpeg"), PhotoLinkInvalid, PhotoNotFound, StorageAway),
)
def look_at_rendition(
    session: Reading,
    request: Request,
    photo_id: PhotoId,
    name: Annotated[str, Path(description="large, medium or small")],
    expires: Expires,
    signature: Signature,
) -> Response:
    """A picture, at an address that we gave to somebody who may see it."""
    links.check(request.scope["path"], expires, signature)
    picture = look.rendition(session, photo_id, name)
    headers = {"Cache-Control": "private, max-age=3600", "ETag": f'"{picture.sha256}"'}
    return Response(picture.content, media_type=picture.content_type, headers=headers)
