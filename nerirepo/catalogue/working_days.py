"""On which days is the ward at work, and which day is so many working days on? Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

import jpholiday

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AROUND_NEW_YEAR = ("12-29", "12-30", "12-31", "01-01", "01-02", "01-03")
"""Offices of Japan close on these by law. What a ward that says nothing else (`closed_on`) is closed on."""
LONGEST_CLOSED = timedelta(days=400)
"""Whoever is closed for longer has written it wrongly, and nobody may wait for ever for an answer."""


class Hours(Protocol):
    """Of `reading_hours` of the ward's profile."""

    @property
    def days(self) -> Sequence[str]:
        """Of its week."""
        ...

    @property
    def closed_on_holidays(self) -> bool:
        """Japan's public ones."""
        ...

    @property
    def closed_on(self) -> Sequence[str]:
        """Days of its own."""
        ...


def is_open(hours: Hours, day: date) -> bool:
    """Whether somebody is at work on this day."""
    if DAYS[day.weekday()] not in hours.days:
        return False
    if f"{day:%m-%d}" in hours.closed_on or day.isoformat() in hours.closed_on:
        return False
    return not (hours.closed_on_holidays and _is_holiday(day))


@lru_cache(maxsize=4096)
def _is_holiday(day: date) -> bool:
    # Half a millisecond for each day: posting asks for ten of them.
    return jpholiday.is_holiday(day)


def open_days(hours: Hours, since: date) -> Iterator[date]:
    """The working days from `since` on, itself included, until a pause that no office makes."""
    last = day = since
    while day - last <= LONGEST_CLOSED:
        if is_open(hours, day):
            yield day
            last = day
        day += timedelta(days=1)


def working_day(hours: Hours, since: date, days: int) -> date:
    """The day that is `days` working days after `since`; 0: the first working day from `since` on.

    By the calendar where the ward is never open.
    """
    first = since + timedelta(days=1) if days else since
    for passed, day in enumerate(open_days(hours, first), start=1 if days else 0):
        if passed == days:
            return day
    return since + timedelta(days=days)
