"""Photos: announced, sent to where we say, and looked at."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from api.audience import ReadingReporter, WritingReporter
from api.mobile.answers import Photo as Shown
from api.mobile.answers import PhotoReceived
from api.mobile.as_json import AsJson
from api.mobile.contract import answers, binary, files
from api.mobile.named import Expires, PhotoId, Signature
from nerirepo import db
from nerirepo.catalogue.most import PHOTO_TYPES
from nerirepo.errors import NotSignedIn, TooMany
from nerirepo.fields import Uuid7
from nerirepo.gateways import storage
from nerirepo.gateways.storage import StorageAway
from nerirepo.photos import links, receive, view
from nerirepo.photos.announce import (
    Announcement,
    Owner,
    PhotoIdTaken,
    PhotoNotFound,
    PhotoNotTaken,
    announce,
    own_photo,
)
from nerirepo.photos.links import PhotoLinkInvalid
from nerirepo.photos.tables import OwnerKind, Photo, PhotoState
from nerirepo.settings import settings
from web.audience import for_everyone
from web.db import Reading, Transaction

router = APIRouter(route_class=AsJson, prefix="/photos", tags=["photos"])


def announced(session: Transaction, owner: Owner, photo_id: Uuid7, body: Announcement) -> dict[str, Any]:
    """What `PUT .../photos/{id}` answers, to residents and to staff."""
    return view.own(announce(session, owner, photo_id, body))


def looked_at(session: Reading, owner: Owner, photo_id: Uuid7) -> dict[str, Any]:
    """What `GET .../photos/{id}` answers; where phones send straight to the store, it looks there first."""
    photo = own_photo(session, owner, photo_id)
    if settings().uploads == "s3" and photo.state is PhotoState.AWAITING:
        receive.fetch_arrived(photo)
        session.refresh(photo)
    return view.own(photo)


@router.put("/{photo_id}", **answers(Shown, NotSignedIn, PhotoIdTaken, PhotoNotTaken, TooMany, writes=True))
def announce_photo(
    session: Transaction, reporter: WritingReporter, photo_id: PhotoId, body: Announcement
) -> dict[str, Any]:
    """Say which picture will come, and hear where to send it. The same again is answered alike."""
    owner = Owner(OwnerKind.REPORTER, reporter.id, is_registered=reporter.eligibility is not None)
    return announced(session, owner, photo_id, body)


@router.get("/{photo_id}", **answers(Shown, NotSignedIn, PhotoNotFound, StorageAway))
def look_at_photo(session: Reading, reporter: ReadingReporter, photo_id: PhotoId) -> dict[str, Any]:
    """How far a photo has come. A phone keeps its own until this says received or ready, with its sha256."""
    return looked_at(session, Owner(OwnerKind.REPORTER, reporter.id), photo_id)


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
) -> dict[str, Any]:
    """Take the bytes at the address that the announcement gave. Sent twice, they are taken once."""
    links.check(request.scope["path"], expires, signature)
    photo = await to_thread.run_sync(_awaited, photo_id)
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
    photo = session.get(Photo, photo_id)
    made = photo.renditions.get(name) if photo else None
    if photo is None or made is None:
        raise PhotoNotFound
    try:
        picture = storage.get(storage.private_bucket(), f"{photo.prefix}{name}", made["sha256"])
    except storage.ObjectMissing:
        raise PhotoNotFound from None
    headers = {
        "Cache-Control": "private, max-age=3600",
        "ETag": f'"{made["sha256"]}"',
    }
    return Response(picture, media_type=made["content_type"], headers=headers)


def _awaited(photo_id: Uuid7) -> Photo:
    with db.reading() as session:
        return receive.awaited(session, photo_id)
