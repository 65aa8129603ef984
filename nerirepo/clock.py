"""What time is it? Everything is kept in UTC and shown in Japan's time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def in_japan(moment: datetime) -> datetime:
    return moment.astimezone(JST)


def today_in_japan() -> date:
    return in_japan(now()).date()
