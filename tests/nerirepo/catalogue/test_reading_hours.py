"""When is a post read, and is it being read at the moment at which that is said?"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nerirepo.base.clock import JST
from nerirepo.catalogue.profile import ReadingHours
from nerirepo.catalogue.reading_hours import read_from
from nerirepo.catalogue.working_days import is_open

HOURS = ReadingHours(
    days=["mon", "tue", "wed", "thu", "fri"],
    opens="08:30",
    closes="17:15",
    closed_on_holidays=True,
    note={"ja": "平日"},
)


def japan(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=JST)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-11-24 08:29", "2026-11-24 08:30"),
        ("2026-11-24 08:30", "2026-11-24 08:30"),
        ("2026-11-24 17:14", "2026-11-24 17:14"),
        ("2026-11-24 17:15", "2026-11-25 08:30"),
        ("2026-11-27 20:00", "2026-11-30 08:30"),  # Friday evening
        ("2026-11-22 12:00", "2026-11-24 08:30"),  # 勤労感謝の日 on Monday
        ("2026-12-28 18:00", "2027-01-04 08:30"),
        ("2027-01-01 09:00", "2027-01-04 08:30"),
        ("2026-05-02 09:00", "2026-05-07 08:30"),  # 振替休日 after three holidays
        ("2026-09-21 09:00", "2026-09-24 08:30"),  # a day between two holidays
        ("2027-03-21 09:00", "2027-03-23 08:30"),  # 春分の日 on a Sunday
    ],
)
def test_it_is_read_at_once_or_when_somebody_comes_next(sent: str, read: str) -> None:
    assert read_from(HOURS, japan(sent), japan(sent)) == japan(read)


@pytest.mark.parametrize(
    ("sent", "said", "read"),
    [
        ("2026-11-27 20:15", "2026-11-27 20:16", "2026-11-30 08:30"),
        ("2026-11-27 20:15", "2026-11-29 11:00", "2026-11-30 08:30"),  # a letter that left on Sunday
        ("2026-11-27 20:15", "2026-11-30 09:00", "2026-11-30 08:30"),  # read since half an hour
        ("2026-11-27 20:15", "2026-11-30 17:15", "2026-12-01 08:30"),  # nobody came to it on Monday
        ("2026-11-27 10:00", "2026-11-27 10:05", "2026-11-27 10:00"),
        ("2026-11-27 10:00", "2026-11-28 10:05", "2026-11-30 08:30"),  # a page opened the day after
        ("2026-11-27 10:00", "2026-12-02 10:05", "2026-12-02 08:30"),
        ("2026-12-28 17:00", "2026-12-28 17:20", "2027-01-04 08:30"),
        ("2026-12-28 17:00", "2027-01-03 12:00", "2027-01-04 08:30"),
        ("2026-11-20 09:00", "2026-11-23 10:00", "2026-11-24 08:30"),  # 勤労感謝の日
        ("2026-11-27 10:00", "2026-11-27 09:59", "2026-11-27 10:00"),  # by a clock that is behind
    ],
)
def test_what_is_said_later_is_true_then(sent: str, said: str, read: str) -> None:
    assert read_from(HOURS, japan(sent), japan(said)) == japan(read)


def test_a_ward_may_read_on_holidays_and_on_other_days() -> None:
    def read(sent: str, **other: Any) -> datetime | None:
        return read_from(HOURS.model_copy(update=other), japan(sent), japan(sent))

    assert read("2026-11-23 09:00", closed_on_holidays=False) == japan("2026-11-23 09:00")
    assert read("2026-11-24 09:00", days=["sun"]) == japan("2026-11-29 08:30")
    assert read("2026-11-24 09:00", days=[]) is None


def _is_within(moment: datetime) -> bool:
    return is_open(HOURS, moment.date()) and "08:30" <= f"{moment:%H:%M}" < "17:15"


MINUTES_OF_TEN_YEARS = st.integers(0, 10 * 365 * 24 * 60)


@given(MINUTES_OF_TEN_YEARS, st.integers(0, 20 * 24 * 60))
def test_somebody_reads_now_only_within_the_hours_and_else_at_the_next_opening(sent: int, later: int) -> None:
    sent_at = japan("2025-01-01 00:00") + timedelta(minutes=sent)
    now = sent_at + timedelta(minutes=later)
    found = read_from(HOURS, sent_at, now)
    assert found is not None
    assert (found <= now) == _is_within(now)
    assert found >= sent_at
    assert _is_within(found)
    # Nothing is skipped: from then on until now, or from now on until then, nothing opens or closes.
    between = abs(int((found - now).total_seconds() // 60))
    states = {_is_within(min(found, now) + timedelta(minutes=each)) for each in range(0, between, 15)}
    assert len(states) <= 1
