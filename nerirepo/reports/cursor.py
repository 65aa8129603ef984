"""Where did the last page end? Opaque to clients: the list's name and the last row's keys, in base64."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from nerirepo.base.errors import Invalid


class CursorInvalid(Invalid):
    """This place in the list is not known. Please begin again with the newest."""

    code = "cursor_invalid"


def write(name: str, keys: Sequence[object]) -> str:
    """`keys` are written by `str`, which their parsers must be able to read."""
    content = json.dumps([name, *map(str, keys)], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def moment(written: str) -> datetime:
    """A parser. A cursor is opaque and yet anybody's to write: a time without a zone would be read in the
    database's."""
    return datetime.fromisoformat(written).astimezone(UTC)


def read(cursor: str, name: str, parsers: Sequence[Callable[[str], Any]]) -> list[Any]:
    """The keys that `write` was given, each by its parser; `CursorInvalid` for a cursor of anything else."""
    try:
        written, *keys = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        if written == name and all(isinstance(key, str) and _is_ours(key) for key in keys):
            return [parse(key) for parse, key in zip(parsers, keys, strict=True)]
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as broken:
        raise CursorInvalid from broken
    raise CursorInvalid


def _is_ours(key: str) -> bool:
    """All that we write are numbers, ids and times. A NUL or half a letter the database would choke on."""
    return key.isascii() and key.isprintable()
