"""Has anything that is published changed? And what was made of it, as long as nothing has.

The revision is read anew for each request, so what is hidden is gone from here, too, at once.
"""

import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from threading import Lock
from typing import Any, Generic, TypeVar

from cachetools import LRUCache
from psycopg import AsyncConnection
from sqlmodel import Session

from nerirepo.database import sql

_ASK = "SELECT value::text AS word FROM published.revision"
_NONE = "none"
Thing = TypeVar("Thing")

ENTRY_BYTES = 500
"""What an entry needs beside its key and its thing, about."""


@dataclass(frozen=True)
class Change:
    revision: str
    at: datetime | None
    """None before the first."""


def last_change(session: Session) -> Change:
    """Which revision is it, and since when?"""
    found = sql.first(session, "SELECT value::text AS word, changed_at FROM published.revision")
    return Change(found.word, found.changed_at) if found else Change(_NONE, None)


def revision(session: Session) -> str:
    """A word that is another after each transaction that changed anything in schema `published`."""
    found = sql.first(session, _ASK)
    return found.word if found else _NONE


async def revision_by(line: AsyncConnection[Any]) -> str:
    """As `revision`, for who asks again and again: `line` is `db.public_connection()`."""
    found = await (await line.execute(_ASK)).fetchone()
    return found[0] if found else _NONE


class Kept(Generic[Thing]):
    """What was made of one revision, up to so many bytes; the least used goes first. For one process.

    Keys count, too: what a stranger asks for may be longer than the answer.
    """

    def __init__(self, at_most_bytes: int) -> None:
        self._revision = ""
        self._things: LRUCache[object, tuple[Thing, int]] = LRUCache(at_most_bytes, getsizeof=itemgetter(1))
        self._lock = Lock()

    def last(self, key: object) -> tuple[str, Thing] | None:
        """What was kept, with its revision, which may be over."""
        with self._lock:
            found = self._things.get(key)
            return (self._revision, found[0]) if found else None

    def get(self, revision: str, key: object) -> Thing | None:
        found = self.last(key)
        return found[1] if found and found[0] == revision else None

    def keep(self, revision: str, key: object, thing: Thing, size: int) -> None:
        """`revision` was read before `thing` was made: a change between the two makes a newer thing, which
        is thrown away a little early. `size`: of `thing`, in bytes."""
        size += ENTRY_BYTES + sys.getsizeof(repr(key))
        with self._lock:
            if revision != self._revision:
                self._things.clear()
                self._revision = revision
            with suppress(ValueError):  # larger than all that may be kept
                self._things[key] = (thing, size)
