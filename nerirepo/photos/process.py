"""Make the renditions of a photo that has come: without a database connection while decoding."""

import tempfile
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.work_files import work_folder
from nerirepo.database.db import reading
from nerirepo.gateways import storage
from nerirepo.photos.outcome import INCOMPLETE, Rejected, Rendered
from nerirepo.photos.render import render
from nerirepo.photos.tables import Photo, PhotoState


def develop(photo_id: UUID) -> Rendered | Rejected | None:
    """Decode the original and store the renditions; None when there is nothing to do.

    The returned paths are gone: what matters has been stored below the photo's prefix.
    """
    with reading() as session:
        photo = session.get(Photo, photo_id)
    if photo is None or photo.state is not PhotoState.RECEIVED:
        return None
    with tempfile.TemporaryDirectory(prefix="photo-", dir=work_folder()) as folder:
        original, made = Path(folder) / "original", Path(folder) / "made"
        made.mkdir()
        # Checked: half of it would be refused as a damaged photo, and the phone has deleted its own.
        original.write_bytes(storage.get(storage.private_bucket(), f"{photo.prefix}original", photo.sha256))
        outcome = render(original, made)
        if isinstance(outcome, Rendered):
            for each in outcome.renditions:
                storage.put(
                    storage.private_bucket(),
                    f"{photo.prefix}{each.name}",
                    each.path.read_bytes(),
                    each.content_type,
                )
        return outcome


def settle(session: Session, photo_id: UUID, outcome: Rendered | Rejected) -> None:
    """Write down what came of a photo, once."""
    photo = session.get(Photo, photo_id, with_for_update=True)
    if photo is None or photo.state is not PhotoState.RECEIVED:
        return
    photo.finished_at = clock.now()
    if isinstance(outcome, Rejected):
        photo.state, photo.reason = PhotoState.REJECTED, outcome.reason
        return
    photo.state, photo.reason = PhotoState.READY, INCOMPLETE if outcome.is_incomplete else None
    photo.suggestion = outcome.suggestion.model_dump(mode="json")
    photo.renditions = {
        each.name: {
            "content_type": each.content_type,
            "width": each.width,
            "height": each.height,
            "bytes": each.bytes,
            "sha256": each.sha256,
        }
        for each in outcome.renditions
    }
