"""On which days is the ward at work, and which day is so many working days on? Pure.

`hours` is `reading_hours` of the ward's profile: the days of its week, whether it closes on Japan's public
holidays, and the days of its own on which it is closed.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import jpholiday

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AROUND_NEW_YEAR = ("12-29", "12-30", "12-31", "01-01", "01-02", "01-03")
"""Offices of Japan close on these by law. What a ward that says nothing else (`closed_on`) is closed on."""
LONGEST_CLOSED = timedelta(days=400)
"""Whoever is closed for longer has written it wrongly, and nobody may wait for ever for an answer."""


def is_open(hours: Mapping[str, Any], day: date) -> bool:
    """Whether somebody is at work on this day."""
    if DAYS[day.weekday()] not in hours.get("days", DAYS[:5]):
        return False
    own = hours.get("closed_on", AROUND_NEW_YEAR)
    if f"{day:%m-%d}" in own or day.isoformat() in own:
        return False
    return not (hours.get("closed_on_holidays", True) and _is_holiday(day))


@lru_cache(maxsize=4096)
def _is_holiday(day: date) -> bool:
    # Half a millisecond for each day: posting asks for ten of them.
    return jpholiday.is_holiday(day)


def open_days(hours: Mapping[str, Any], since: date) -> Iterator[date]:
    """The working days from `since` on, itself included, until a pause that no office makes."""
    last = day = since
    while day - last <= LONGEST_CLOSED:
        if is_open(hours, day):
            yield day
            last = day
        day += timedelta(days=1)


def working_day(hours: Mapping[str, Any], since: date, days: int) -> date:
    """The day that is `days` working days after `since`; 0: the first working day from `since` on.

    By the calendar where the ward is never open.
    """
    first = since + timedelta(days=1) if days else since
    for passed, day in enumerate(open_days(hours, first), start=1 if days else 0):
        if passed == days:
            return day
    return since + timedelta(days=days)
