"""The bytes of a photo arrive: counted, hashed, stored, and only then acknowledged."""

import hashlib
from collections.abc import AsyncIterable
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.errors import Invalid
from nerirepo.base.settings import settings
from nerirepo.base.work_files import work_folder
from nerirepo.database import jobs
from nerirepo.database.db import reading, transaction
from nerirepo.gateways import storage
from nerirepo.photos.announce import Owner, PhotoNotFound, own_photo
from nerirepo.photos.tables import Photo, PhotoState

IN_MEMORY = 1024 * 1024
"""Bytes of an upload that wait in memory; more goes to a temporary file."""


class PhotoBytesDiffer(Invalid):
    """These are not the bytes that were announced. Please send the photo again."""

    code = "photo_bytes_differ"
    retryable = True


def awaited(photo_id: UUID) -> Photo:
    """The photo whose bytes are to come, or have come."""
    with reading() as session:
        photo = session.get(Photo, photo_id)
    if photo is None:
        raise PhotoNotFound
    return photo


async def spool(chunks: AsyncIterable[bytes], photo: Photo) -> IO[bytes]:
    """Collect an upload, or raise `PhotoBytesDiffer` as soon as it is too long, too short or not the same."""
    # The caller closes it.
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(work_folder()))  # noqa: SIM115
    digest, length = hashlib.sha256(), 0
    try:
        async for chunk in chunks:
            length += len(chunk)
            if length > photo.bytes:
                raise PhotoBytesDiffer("More bytes came than were announced.")
            digest.update(chunk)
            file.write(chunk)
        if length != photo.bytes:
            raise PhotoBytesDiffer(f"{photo.bytes} bytes were announced and {length} came.")
        if digest.hexdigest() != photo.sha256:
            raise PhotoBytesDiffer
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def store(photo: Photo, file: IO[bytes]) -> PhotoState:
    """Store checked bytes, then say so in the database. Twice is once."""
    if photo.state is not PhotoState.AWAITING:
        return photo.state
    storage.put(storage.private_bucket(), f"{photo.prefix}original", file, photo.content_type)
    return _acknowledge(photo.id)


def as_it_stands(session: Session, owner: Owner, photo_id: UUID) -> Photo:
    """The owner's photo; where phones send straight to the store, what has arrived there is taken in."""
    photo = own_photo(session, owner, photo_id)
    if settings().uploads == "s3" and photo.state is PhotoState.AWAITING:
        fetch_arrived(photo)
        session.refresh(photo)
    return photo


def fetch_arrived(photo: Photo) -> PhotoState:
    """Where phones send straight to the store: take in what has arrived there, if it has and is right."""
    bucket, incoming = storage.private_bucket(), f"{photo.prefix}incoming"
    try:
        content = storage.get(bucket, incoming, photo.sha256)
    except storage.ObjectMissing:
        return photo.state
    except storage.ObjectDamaged:  # or the phone sent something else than it had announced
        storage.delete_below(bucket, photo.prefix)
        return photo.state
    storage.put(bucket, f"{photo.prefix}original", content, photo.content_type)
    return _acknowledge(photo.id)


def _acknowledge(photo_id: UUID) -> PhotoState:
    with transaction() as session:
        photo = session.get(Photo, photo_id, with_for_update=True)
        if photo is None:
            raise PhotoNotFound
        if photo.state is PhotoState.AWAITING:
            photo.state = PhotoState.RECEIVED
            photo.received_at = clock.now()
            jobs.enqueue(session, jobs.PROCESS_PHOTO, photo_id=str(photo.id))
        return photo.state
