"""A photo from a form, the phone's camera or an album: announced and kept as one from an app is."""

import hashlib
from typing import IO
from uuid import UUID

from nerirepo.base.ids import following
from nerirepo.database import db
from nerirepo.photos import formats, receive
from nerirepo.photos.announce import Announcement, Owner, announce

CHUNK = 1024 * 1024


def store(owner: Owner, form_id: UUID, file: IO[bytes], size: int) -> UUID:
    """Its id, which follows from the form and the content: a form sent twice brings each photo once.

    Raises `PhotoNotTaken` for what is no picture or too large, `StorageAway` when it cannot be kept.
    """
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    sha256 = digest.hexdigest()
    file.seek(0)
    # Browsers guess the type by the file's name; the first bytes know better.
    found = formats.sniff(file.read(formats.SNIFFED_BYTES)) or "application/octet-stream"
    file.seek(0)
    announcement = Announcement(sha256=sha256, bytes=size, content_type=found)
    with db.transaction() as session:
        photo = announce(session, owner, following(form_id, sha256), announcement)
    receive.store(photo, file)
    return photo.id
