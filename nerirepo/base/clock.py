"""What time is it? Everything is kept in UTC and shown in Japan's time."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")

_said: ContextVar[datetime | None] = ContextVar("said", default=None)
_agreed: float | None = None
"""Seconds from the zero of this machine's steady clock to 1970, by the clock that all processes go by."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    if said := _said.get():
        return said
    if _agreed is not None:
        return datetime.fromtimestamp(_agreed + time.monotonic(), UTC)
    return datetime.now(UTC)


def agree(moment: datetime | None, *, at: float = 0.0) -> None:
    """Go on from `moment`, which it was when `time.monotonic()` said `at`; None: by this machine's own clock.

    See `shared_clock`.
    """
    global _agreed
    _agreed = moment.timestamp() - at if moment else None


@contextmanager
def at(moment: datetime) -> Generator[None]:
    """Within the block it is `moment`, for this thread or task alone: for sample data and for tests.

    Only `now` knows of it. Jobs that are asked for in the block are due at once.
    """
    token = _said.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _said.reset(token)


def in_japan(moment: datetime) -> datetime:
    return moment.astimezone(JST)


def today_in_japan() -> date:
    return in_japan(now()).date()
