"""Where do a report's published pictures lie? Names of objects in the published bucket."""

import hashlib
import hmac
from uuid import UUID

from nerirepo.base.keys import subkey
from nerirepo.photos.renditions import KINDS

_ENDING = {kind.name: kind.file.rpartition(".")[2] for kind in KINDS}
_UNGUESSABLE = 16
"""Bytes."""


def prefix_of(report_id: UUID) -> str:
    """The folder of one report: unguessable, yet always the same.

    Derived and not drawn by lot, so that what a crash has left there can be found and deleted later.
    """
    return f"{_name(report_id.bytes)}/"


def key(prefix: str, photo_id: UUID, rendition: str) -> str:
    """The object's key, ending in `.webp` or `.jpg`. The photo's own id stays private."""
    return f"{prefix}{_name(prefix.encode() + photo_id.bytes)}-{rendition}.{_ENDING[rendition]}"


def _name(subject: bytes) -> str:
    return hmac.digest(subkey("media"), subject, hashlib.sha256)[:_UNGUESSABLE].hex()
