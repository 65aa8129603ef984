"""Stories of letters on their way: troubles of the mail server, crashes, order, and saying nothing twice."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from nerirepo.base import clock
from nerirepo.catalogue.tables import Department
from nerirepo.database.db import transaction
from nerirepo.gateways.mail import Letterbox
from nerirepo.gateways.storage import StorageAway
from nerirepo.notifications import department_letter, digest, notify, overdue, send
from nerirepo.notifications.tables import DeliveryState
from operate.supervising.process import free_port
from tests.factories import life, people
from tests.support.mail_server import MoodyServer, mailing_to, moody

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MoodyServer]:
    with moody(monkeypatch) as server:
        yield server


CANARY = "hanako.canary@example.jp"


def jobs_asked_for(name: str) -> list[Any]:
    asked = text("SELECT args, scheduled_at FROM procrastinate_jobs WHERE task_name = :name ORDER BY id")
    with transaction() as session:
        return list(session.execute(asked, {"name": name}))


def lose_all_jobs() -> None:
    with transaction() as session:
        session.execute(text("TRUNCATE procrastinate_jobs CASCADE"))


def reporters_letters() -> list[Any]:
    return life.deliveries(recipient_kind="reporter")


def a_posted_report() -> UUID:
    """A lamp, whose department reads in the morning: only the reporter is written to."""
    report_id = life.post(people.resident())
    life.notify_all()
    return report_id


def test_a_greylisting_server_gets_the_letter_half_a_minute_later(
    server: MoodyServer, travel: time_machine.Traveller
) -> None:
    a_posted_report()
    server.to_recipient = ["451 come back later"]
    life.send_all()
    (waiting,) = reporters_letters()
    assert (waiting.state, waiting.tries, waiting.problem) == ("owed", 1, "451 come back later")
    assert waiting.next_try_at == clock.now() + timedelta(seconds=30)
    assert jobs_asked_for("send")[-1].scheduled_at == waiting.next_try_at
    life.send_all()
    assert server.letters == []
    travel.shift(timedelta(minutes=1))
    life.send_all()
    assert [each.state for each in reporters_letters()] == ["sent"]
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    "away", [StorageAway(), OperationalError("SELECT", None, Exception(CANARY)), PoolExhausted("none left")]
)
def test_a_letter_does_not_wait_longer_because_the_store_or_the_database_was_away(
    server: MoodyServer, travel: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, away: Exception
) -> None:
    a_posted_report()

    def cannot_be_written(*_: object) -> None:
        raise away

    with monkeypatch.context() as patched:
        patched.setattr(send.compose, "letter", cannot_be_written)
        for _ in range(3):
            life.send_all()
            (waiting,) = reporters_letters()
            assert (waiting.state, waiting.tries) == ("owed", 0)
            assert waiting.next_try_at == clock.now() + timedelta(seconds=30)
            assert CANARY not in waiting.problem
            travel.shift(timedelta(seconds=30))
    life.send_all()
    assert len(server.letters) == 1


def test_a_server_that_is_away_for_a_day_costs_no_letter(
    mailbox: Path, monkeypatch: pytest.MonkeyPatch, travel: time_machine.Traveller
) -> None:
    a_posted_report()
    with mailing_to(monkeypatch, f"smtp://127.0.0.1:{free_port()}"):
        for _ in range(30):
            life.send_all()
            travel.shift(timedelta(hours=1))
    (waiting,) = reporters_letters()
    assert waiting.state == "owed"
    assert waiting.created_at + timedelta(days=1) < clock.now()
    life.send_all()
    assert len(life.letters(mailbox)) == 1


def test_an_address_that_does_not_exist_is_tried_once_and_shown_to_staff_without_the_address(
    server: MoodyServer,
) -> None:
    report_id = a_posted_report()
    server.to_recipient = ["550 hanako@example.jp: no such user"]
    life.send_all()
    life.send_all()
    assert server.letters == []
    with transaction() as session:
        (failed,) = overdue.failed_for_staff(session, report_id)
        assert overdue.failed_for_staff(session) == [failed]
    assert failed["problem"] == "550 (address): no such user"
    assert failed["template"] == "submit"
    assert "hanako" not in str(failed)


def test_a_crash_between_sending_and_settling_sends_the_same_letter_again(
    server: MoodyServer, travel: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_posted_report()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(send, "_settle", killed)
        with pytest.raises(KeyboardInterrupt):
            life.send_all()
    assert [each.state for each in reporters_letters()] == ["sending"]
    life.send_all()
    assert len(server.letters) == 1
    lose_all_jobs()
    travel.shift(timedelta(minutes=1))
    with transaction() as session:
        overdue.ask_again(session)
    assert len(jobs_asked_for("send")) == 1
    life.send_all()
    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert [each.state for each in reporters_letters()] == ["sent"]


def test_letters_about_one_report_arrive_in_the_order_of_what_happened(
    server: MoodyServer, travel: time_machine.Traveller
) -> None:
    report_id, desk = a_posted_report(), people.member()
    travel.shift(timedelta(seconds=1))
    life.take_action(desk, report_id, "accept")
    travel.shift(timedelta(seconds=1))
    life.take_action(desk, report_id, "ask", public_note="電柱の番号は？")
    life.notify_all()
    server.to_recipient = ["451 later"]
    life.send_all()
    assert server.letters == []
    assert [each.state for each in reporters_letters()] == ["owed"] * 3
    asked = len(jobs_asked_for("send"))
    travel.shift(timedelta(minutes=1))
    life.send_all()
    assert len(jobs_asked_for("send")) == asked + 2
    subjects = [letter["Subject"][:4] for letter in server.letters]
    assert subjects == ["投稿を受", "確認を始", "おたずね"]


def test_notifying_many_times_at_once_owes_each_letter_once() -> None:
    report_id = life.post(people.resident(), category="road.pothole")
    with transaction() as session:
        event_id = session.execute(
            text("SELECT id FROM report_event WHERE report_id = :id"), {"id": report_id}
        ).scalar_one()

    def again(_: int) -> None:
        with transaction() as session:
            notify.notify(session, event_id)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(again, range(12)))
    owed = life.deliveries()
    assert sorted(each.recipient_kind for each in owed) == ["department", "reporter"]
    assert len(jobs_asked_for("send")) + len(jobs_asked_for("send_urgent")) == 2


def test_two_senders_of_one_letter_send_it_once(server: MoodyServer) -> None:
    a_posted_report()
    (owed,) = reporters_letters()

    async def go() -> None:
        async with Letterbox() as here, Letterbox() as there:
            await asyncio.gather(*[send.send(box, owed.id) for box in (here, there) * 4])

    asyncio.run(go())
    assert len(server.letters) == 1


def test_what_was_dropped_while_it_was_being_sent_stays_dropped(
    server: MoodyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_posted_report()
    settle = send._settle

    def erased_meanwhile(*outcome: Any) -> None:
        with transaction() as session:
            session.execute(text("UPDATE delivery SET state = 'dropped', address = NULL"))
        settle(*outcome)

    monkeypatch.setattr(send, "_settle", erased_meanwhile)
    life.send_all()
    assert [(each.state, each.address) for each in reporters_letters()] == [("dropped", None)]


def test_the_morning_letter_names_once_what_came_back_or_was_passed_on(
    travel: time_machine.Traveller,
) -> None:
    reporter, desk = people.resident(), people.member()
    came_back, passed_on = life.post(reporter), life.post(reporter, category="road.pothole")
    life.take_action(desk, came_back, "resolve", public_note="電球をかえました。", no_photo_reason="夜のため")
    life.take_action(desk, passed_on, "accept")
    travel.shift(timedelta(days=3))
    life.take_action(desk, came_back, "reopen", public_note="まだでした。")
    life.take_action(desk, passed_on, "reassign", department="lamps")

    def named(after: timedelta) -> set[UUID]:
        with transaction() as session:
            return {
                each.id for each in department_letter.waiting(session, "lamps", before=clock.now() + after)
            }

    assert named(timedelta(hours=23)) == {came_back, passed_on}
    assert named(timedelta(hours=25)) == set()


def test_the_sweeper_asks_for_lost_letters_and_gives_up_those_that_never_end(
    travel: time_machine.Traveller,
) -> None:
    a_posted_report()

    def sweep() -> int:
        with transaction() as session:
            return overdue.ask_again(session)

    assert sweep() == 0
    travel.shift(timedelta(minutes=1))
    assert sweep() == 0, "it waits in the queue, which is busy"
    lose_all_jobs()
    assert (sweep(), sweep()) == (1, 0)
    assert len(jobs_asked_for("send")) == 1
    lose_all_jobs()
    travel.shift(timedelta(days=3))
    assert sweep() == 1
    assert [each.state for each in reporters_letters()] == [DeliveryState.FAILED]


def test_a_trial_with_a_real_server_drops_letters_to_strangers(
    server: MoodyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_posted_report()
    monkeypatch.setenv("NERIREPO_SMTP_IS_SINK", "false")
    send.compose.settings.cache_clear()
    life.send_all()
    assert [each.state for each in reporters_letters()] == ["dropped"]
    assert server.letters == []


def test_the_morning_letter_names_what_waits_once_a_day(mailbox: Path) -> None:
    def morning() -> None:
        with transaction() as session:
            digest.digest(session, clock.today_in_japan())

    with transaction() as session:
        lamps = session.get_one(Department, "lamps")
        assert lamps.digest
    morning()
    assert life.deliveries(recipient_kind="department") == []
    reporter, desk = people.resident(), people.member()
    waiting, taken = life.post(reporter), life.post(reporter, words="まだ暗いです。")
    with time_machine.travel(clock.now() + timedelta(days=2)):
        life.take_action(desk, taken, "accept")
        morning()
        morning()
        life.send_all()
        (letter,) = life.letters(mailbox, "lamps@ward.example.jp")
        assert letter["Subject"].startswith("けさの投稿 1件")
        with transaction() as session:
            numbers = dict(session.execute(text("SELECT id, number FROM report")).all())  # type: ignore[arg-type]
        assert numbers[waiting] in life.body(letter)
        assert numbers[taken] not in life.body(letter)
        life.take_action(desk, waiting, "accept")
    with time_machine.travel(clock.now() + timedelta(days=3)):
        morning()
        assert len(life.deliveries(recipient_kind="department")) == 1
