"""One danger, reported again and again: a letter at once, one for the rest, and nobody else is held."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from nerirepo.base.ids import uuid7
from nerirepo.database.db import transaction
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.submit import submit
from nerirepo.reports.tables import Report
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("database", "storage")

NOON = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
DANGER = "lamp.broken"


@pytest.fixture(autouse=True)
def travel() -> Any:
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


def post(who: Reporter, *, north_m: float = 0) -> UUID:
    submission = life.a_submission(DANGER, words=str(uuid4()))
    place = submission.location.model_copy(update={"lat": submission.location.lat + north_m / 111_000})
    with transaction() as session:
        return submit(session, who, uuid7(), submission.model_copy(update={"location": place})).report_id


def number(report_id: UUID) -> str:
    with transaction() as session:
        return session.get_one(Report, report_id).number


def urgent(mailbox: Path) -> list[str]:
    """The texts of the letters to offices that have left by now."""
    life.notify_all()
    life.send_all()
    return [life.body(each) for each in life.letters(mailbox) if "【至急】" in each["Subject"]]


def test_the_first_leaves_at_once_and_what_follows_is_one_letter_that_names_each(
    mailbox: Path, travel: Any
) -> None:
    hanako = people.resident()
    first = post(hanako)
    assert len(urgent(mailbox)) == 1
    later = []
    for _ in range(5):
        travel.shift(timedelta(minutes=1))
        later.append(post(hanako, north_m=40))
        assert len(urgent(mailbox)) == 1
    travel.move_to(NOON + timedelta(minutes=9, seconds=59))
    assert len(urgent(mailbox)) == 1
    travel.move_to(NOON + timedelta(minutes=10))
    at_once, joined = urgent(mailbox)
    assert number(first) in at_once
    assert number(first) not in joined
    assert [number(each) in joined for each in later] == [True] * 5
    post(hanako)
    assert len(urgent(mailbox)) == 3, "ten minutes after the first the next one leaves at once"


@pytest.mark.parametrize(("email", "north_m"), [("taro@example.jp", 0), ("hanako@example.jp", 60)])
def test_another_persons_report_and_one_of_another_place_leave_at_once(
    mailbox: Path, travel: Any, email: str, north_m: float
) -> None:
    senders = {each: people.resident(each) for each in ("hanako@example.jp", "taro@example.jp")}
    post(senders["hanako@example.jp"])
    travel.shift(timedelta(minutes=1))
    other = post(senders[email], north_m=north_m)
    assert number(other) in urgent(mailbox)[-1]
    assert len(urgent(mailbox)) == 2


def test_notifying_twice_names_nobody_twice(mailbox: Path, travel: Any) -> None:
    hanako = people.resident()
    post(hanako), post(hanako), post(hanako)
    for _ in range(3):
        life.notify_all()
    travel.shift(timedelta(minutes=10))
    assert len(urgent(mailbox)) == 2
    assert urgent(mailbox)[1].count("NR-2026-") == 2 * 2  # the number, and the address of its page


def test_what_has_gone_to_another_office_meanwhile_is_left_out(mailbox: Path, travel: Any) -> None:
    hanako, desk = people.resident(), people.member()
    post(hanako)
    stays, goes = post(hanako), post(hanako)
    life.notify_all()
    life.take_action(desk, goes, "reassign", department="roads", internal_note="道路です。")
    travel.shift(timedelta(minutes=10))
    joined = next(each for each in urgent(mailbox) if number(stays) in each)
    assert number(goes) not in joined


def test_where_all_have_gone_to_another_office_no_letter_leaves(mailbox: Path, travel: Any) -> None:
    hanako, desk = people.resident(), people.member()
    post(hanako)
    goes = post(hanako)
    life.notify_all()
    life.take_action(desk, goes, "reassign", department="roads", internal_note="道路です。")
    travel.shift(timedelta(minutes=10))
    life.send_all()
    assert [each.state for each in life.deliveries(recipient_id="lamps")] == ["sent", "dropped"]
    assert len(life.letters(mailbox, "lamps@ward.example.jp")) == 1
