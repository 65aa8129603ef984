"""The links in letters: which report and which person does one speak for, and may it still?

A link signs nobody in. It lets its holder do the one thing that the letter offered, about the one report.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from nerirepo.base import clock
from nerirepo.base.errors import Gone, NotFound
from nerirepo.base.keys import accepted, subkey

VALID_FOR = timedelta(days=365)
"""People answer old letters; a repair may take most of a year."""

_PAYLOAD = struct.Struct(">16s16sI")
_SIGNATURE_BYTES = 16
"""128 bits cannot be guessed, and a short link survives a mail program's line breaks."""


class Purpose(StrEnum):
    ANSWER = "answer"
    """Fixed or not fixed, or the answer to a question."""
    UNSUBSCRIBE = "unsubscribe"
    CONFIRM = "confirm"
    REPORT = "report"
    """Filling in the plain form: the one report that may be sent with it."""
    DEVICE = "device"
    """Not a link: that a device was signed in once. Of the two ids both are the person's."""
    BROWSER = "browser"
    """The same of a member of staff: the one id is the browser's, the other the member's."""


class LinkUnknown(NotFound):
    """This link is not complete. Please open it from the letter once more."""

    code = "link_unknown"


class LinkExpired(Gone):
    """This link is too old."""

    code = "link_expired"


@dataclass(frozen=True)
class Link:
    """What a link speaks for. The person may have been erased since it was written."""

    report_id: UUID
    reporter_id: UUID


def make(
    purpose: Purpose,
    report_id: UUID,
    reporter_id: UUID,
    *,
    since: datetime | None = None,
    valid_for: timedelta = VALID_FOR,
) -> str:
    """A token for a URL, 70 characters; valid for a year from `since` (now by default)."""
    expires_at = (since or clock.now()) + valid_for
    payload = _PAYLOAD.pack(report_id.bytes, reporter_id.bytes, int(expires_at.timestamp()))
    signature = _signature(subkey(f"link {purpose}"), payload)
    return base64.urlsafe_b64encode(payload + signature).rstrip(b"=").decode()


def read(purpose: Purpose, token: str) -> Link:
    """What `make` was given for this purpose; raises `LinkUnknown` or `LinkExpired`."""
    try:
        signed = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (UnicodeEncodeError, binascii.Error) as broken:
        raise LinkUnknown from broken
    payload, signature = signed[: _PAYLOAD.size], signed[_PAYLOAD.size :]
    if len(payload) != _PAYLOAD.size or not any(
        hmac.compare_digest(signature, _signature(key, payload)) for key in accepted(f"link {purpose}")
    ):
        raise LinkUnknown
    report_id, reporter_id, expires_at = _PAYLOAD.unpack(payload)
    if datetime.fromtimestamp(expires_at, UTC) <= clock.now():
        raise LinkExpired
    return Link(UUID(bytes=report_id), UUID(bytes=reporter_id))


def _signature(key: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, payload, hashlib.sha256)[:_SIGNATURE_BYTES]
