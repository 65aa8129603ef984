"""What is promised in working days falls on a day on which somebody works."""

from datetime import date
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from nerirepo.catalogue.profile import ReadingHours
from nerirepo.catalogue.working_days import DAYS, is_open, open_days, working_day


def office(**hours: Any) -> ReadingHours:
    return ReadingHours.model_construct(**{"days": list(DAYS[:5]), "closed_on_holidays": True} | hours)


OFFICE = office()


@pytest.mark.parametrize(
    ("hours", "day", "open_then"),
    [
        ({}, "2026-11-27", True),
        ({}, "2026-11-28", False),  # Saturday
        ({"days": ["sat", "sun"]}, "2026-11-28", True),
        ({}, "2026-11-23", False),  # Labour Thanksgiving Day
        ({"closed_on_holidays": False}, "2026-11-23", True),
        ({}, "2026-05-06", False),  # in lieu of Constitution Day, a Sunday
        ({}, "2026-09-22", False),  # between two holidays
        ({}, "2026-12-29", False),
        ({"closed_on": []}, "2026-12-29", True),
        ({"closed_on": ["10-01"]}, "2026-10-01", False),
        ({"closed_on": ["2026-10-01"]}, "2026-10-01", False),
        ({"closed_on": ["2026-10-01"]}, "2027-10-01", True),
    ],
)
def test_a_ward_is_open_on_its_days(hours: dict[str, Any], day: str, open_then: bool) -> None:
    assert is_open(office(**hours), date.fromisoformat(day)) == open_then


@pytest.mark.parametrize(
    ("since", "days", "due"),
    [
        ("2026-11-29", 7, "2026-12-08"),  # Sunday: the seventh working day is Tuesday of next week
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-27", 0, "2026-11-27"),
        ("2026-11-28", 0, "2026-11-30"),
        ("2026-12-28", 1, "2027-01-04"),  # over the end of the year
        ("2026-04-28", 1, "2026-04-30"),  # over a holiday in the middle of a week
        ("2026-09-18", 1, "2026-09-24"),  # over five days that are off
    ],
)
def test_so_many_working_days_on(since: str, days: int, due: str) -> None:
    assert working_day(OFFICE, date.fromisoformat(since), days) == date.fromisoformat(due)


@given(since=st.dates(date(2024, 1, 1), date(2030, 1, 1)), days=st.integers(0, 30))
def test_it_is_a_working_day_with_so_many_between(since: date, days: int) -> None:
    due = working_day(OFFICE, since, days)
    assert is_open(OFFICE, due)
    until = takewhile(lambda day: day <= due, open_days(OFFICE, since))
    passed = [day for day in until if day > since] if days else []
    assert len(passed[:days]) == days == len(passed)


def test_a_ward_that_is_never_open_ends_nobodys_post() -> None:
    assert working_day(office(days=[]), date(2026, 11, 29), 7) == date(2026, 12, 6)


@pytest.mark.parametrize(
    "wrong", [{"days": []}, {"days": ["monday"]}, {"closed_on": ["13-01"]}, {"closed_on": ["1-1"]}]
)
def test_days_that_are_none_are_told_when_the_ward_is_read(wrong: dict[str, Any]) -> None:
    right = {**OFFICE.model_dump(), "opens": "08:30", "closes": "17:15", "note": {"ja": "平日"}}
    assert TypeAdapter(ReadingHours).validate_python(right)
    with pytest.raises(ValidationError):
        TypeAdapter(ReadingHours).validate_python(right | wrong)
