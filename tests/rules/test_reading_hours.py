"""When is a post read that comes in at some moment?"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nerirepo.catalogue.reading_hours import read_from
from nerirepo.catalogue.working_days import is_open
from nerirepo.clock import JST

HOURS: dict[str, Any] = {
    "days": ["mon", "tue", "wed", "thu", "fri"],
    "opens": "08:30",
    "closes": "17:15",
    "closed_on_holidays": True,
}


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
    assert read_from(HOURS, japan(sent)) == japan(read)


def test_a_ward_may_read_on_holidays_and_on_other_days() -> None:
    assert read_from(HOURS | {"closed_on_holidays": False}, japan("2026-11-23 09:00")) == japan(
        "2026-11-23 09:00"
    )
    assert read_from(HOURS | {"days": ["sun"]}, japan("2026-11-24 09:00")) == japan("2026-11-29 08:30")
    assert read_from(HOURS | {"days": []}, japan("2026-11-24 09:00")) is None


@given(st.integers(0, 10 * 365 * 24 * 60))
def test_nothing_is_read_before_it_is_sent_nor_on_a_day_off(minutes: int) -> None:
    sent = japan("2025-01-01 00:00") + timedelta(minutes=minutes)
    found = read_from(HOURS, sent)
    assert found is not None
    assert found >= sent
    assert is_open(HOURS, found.date())
    assert "08:30" <= f"{found:%H:%M}" < "17:15"
