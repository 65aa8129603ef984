"""Where does the next page begin? After the last item of this one; opaque to clients."""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

from nerirepo.errors import Invalid

_PACKED = struct.Struct(">q16s")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class CursorInvalid(Invalid):
    """This place in the list is not known. Please begin again with the newest."""

    code = "cursor_invalid"


@dataclass(frozen=True)
class Cursor:
    at: datetime
    """What the list is sorted by."""
    id: UUID

    def written(self) -> str:
        packed = _PACKED.pack((self.at - _EPOCH) // _MICROSECOND, self.id.bytes)
        return base64.urlsafe_b64encode(packed).decode()

    @classmethod
    def read(cls, written: str) -> Self:
        """Raises `CursorInvalid`."""
        try:
            since, id_bytes = _PACKED.unpack(base64.b64decode(written.encode("ascii"), b"-_", validate=True))
            return cls(_EPOCH + since * _MICROSECOND, UUID(bytes=id_bytes))
        except (UnicodeEncodeError, binascii.Error, struct.error, OverflowError) as broken:
            raise CursorInvalid from broken
