"""What time is it? Everything is kept in UTC and shown in Japan's time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")

_said: ContextVar[datetime | None] = ContextVar("said", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _said.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
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
