"""Where did the last page end? Opaque to clients: base64 of the sort's name and the last row's keys."""

import base64
import binascii
import json
from collections.abc import Sequence

from nerirepo.errors import Invalid

Key = str | int | float


class CursorInvalid(Invalid):
    """This cursor does not belong to this list. Start again without one."""

    code = "cursor_invalid"


def write(name: str, keys: Sequence[Key]) -> str:
    return base64.urlsafe_b64encode(json.dumps([name, *keys]).encode()).decode().rstrip("=")


def read(cursor: str, name: str, kinds: Sequence[type]) -> list[Key]:
    """The keys that `write` was given; raises `CursorInvalid` unless name and kinds are the same."""
    try:
        written, *keys = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError) as broken:
        raise CursorInvalid from broken
    if written != name or [type(key) for key in keys] != list(kinds):
        raise CursorInvalid
    return keys
