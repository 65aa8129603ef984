"""What an own report says of when it is read: true at the moment of the answer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient

from nerirepo.base.clock import JST
from tests.factories import Person, a_member, a_reporter, send_report, take_action

FRIDAY_EVENING = datetime(2026, 11, 27, 20, 15, tzinfo=JST)


@pytest.fixture
def clocks() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FRIDAY_EVENING, tick=False) as travelling:
        yield travelling


def outlook(client: TestClient, who: Person, report_id: str) -> Any:
    return client.get(f"/v1/reports/{report_id}", headers=who.headers).json().get("outlook")


@pytest.mark.parametrize(
    ("asked", "read_from", "is_being_read"),
    [
        ("2026-11-27 20:15", "2026-11-30T08:30:00+09:00", False),
        ("2026-11-29 11:00", "2026-11-30T08:30:00+09:00", False),
        ("2026-11-30 09:00", "2026-11-30T08:30:00+09:00", True),
        ("2026-12-01 19:00", "2026-12-02T08:30:00+09:00", False),
        ("2027-01-01 10:00", "2027-01-04T08:30:00+09:00", False),
    ],
)
def test_it_is_being_read_only_within_the_hours_of_the_answer(
    client: TestClient, clocks: time_machine.Traveller, asked: str, read_from: str, is_being_read: bool
) -> None:
    hanako = a_reporter()
    report_id = send_report(client, hanako).json()["report"]["id"]
    clocks.move_to(datetime.fromisoformat(asked).replace(tzinfo=JST))
    assert outlook(client, hanako, report_id) == {
        "read_from": read_from,
        "is_being_read": is_being_read,
        "usual_days": None,
    }


def test_nothing_is_expected_any_more_once_somebody_has_looked(
    client: TestClient, clocks: time_machine.Traveller
) -> None:
    hanako = a_reporter()
    report_id = send_report(client, hanako).json()["report"]["id"]
    take_action(a_member(), report_id, "accept")
    assert outlook(client, hanako, report_id) is None
