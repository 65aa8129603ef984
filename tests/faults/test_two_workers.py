"""Stories of workers that are frozen, doubled, or asked the same thing many times."""

import os
import signal
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nerirepo.base.ids import uuid7
from tests.faults.checker import check
from tests.faults.ledger import Ledger
from tests.faults.load import load
from tests.faults.phone import Phone
from tests.faults.seeds import with_seeds
from tests.faults.service import Service, eventually

pytestmark = pytest.mark.long


@with_seeds
def test_two_workers_and_their_two_schedulers_share_the_work(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with service.second_worker(), load(service, ledger, seed):
        eventually(lambda: len(ledger.receipts) > 20, "traffic")
    check(service, ledger)


def test_two_timetables_bring_a_department_one_morning_letter(service: Service, ledger: Ledger) -> None:
    service.rows("UPDATE department SET digest = true WHERE code = 'roads' RETURNING code")
    # The hour may have come before, by the clock or by this test.
    # A letter that was sent stays known to the checker: it is made one of another day.
    service.rows("UPDATE delivery SET cause_id = 'before:' || id WHERE cause_kind = 'digest' RETURNING id")
    service.rows("DELETE FROM procrastinate_periodic_defers WHERE task_name = 'digest' RETURNING id")
    logs = [service.home / "log" / name for name in ("worker.log", "second-worker.log")]
    try:
        phone = Phone(service, ledger, "early")
        phone.post()
        check(service, ledger)
        now = datetime.now(UTC)
        hours = (now.replace(hour=22, minute=0, second=30) - now) / timedelta(hours=1)
        before = service.pids("worker")
        for process in ("worker", "second-worker"):
            service.set_clock(process, hours=hours)  # just past seven in Japan
        eventually(lambda: set(service.pids("worker")) - set(before), "a worker with another clock")
        began, seen = [file.stat().st_size if file.exists() else 0 for file in logs], '"job":"sweep"'
        with service.second_worker():
            # The timetable is read as a whole: who has asked for a sweep has asked for the digest.
            eventually(lambda: all(seen in said(*each) for each in zip(logs, began, strict=True)), "sweeps")
            check(service, ledger)
        digests = [said(*each).count('"job":"digest"') for each in zip(logs, began, strict=True)]
        assert sum(digests) == 1
        today = "SELECT id FROM delivery WHERE cause_kind = 'digest' AND cause_id NOT LIKE 'before:%%'"
        assert len(service.rows(today)) == 1
    finally:
        for process in ("worker", "second-worker"):
            service.set_clock(process, hours=0)
        service.rows("UPDATE department SET digest = false WHERE code = 'roads' RETURNING code")


def said(log: Path, since: int) -> str:
    """What stands in a log from that byte on."""
    return log.read_bytes()[since:].decode() if log.exists() else ""


@with_seeds
def test_a_worker_that_was_frozen_past_its_lease_finds_its_letters_taken_over(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with load(service, ledger, seed):
        frozen = service.at("worker.letter_before_smtp", "stop")
        eventually(frozen, "the worker is frozen with a letter in hand")
        (hit,) = service.pids("worker")
        assert os.path.exists(f"/proc/{hit}")
        ledger.letters_hit |= service.being_sent()
        with service.second_worker():
            eventually(lambda: not service.being_sent() & ledger.letters_hit, "the other sends them")
            service.strike("worker", signal.SIGCONT)
    check(service, ledger)


def test_a_frozen_worker_that_has_not_begun_to_send_does_not_send_when_it_is_too_late(
    service: Service, ledger: Ledger
) -> None:
    phone = Phone(service, ledger, "patient")
    frozen = service.at("worker.letter_claimed", "stop")
    phone.post()
    eventually(frozen, "the worker is frozen")
    claimed = service.being_sent()
    with service.second_worker():
        eventually(lambda: not service.being_sent() & claimed, "the other sends them")
        service.strike("worker", signal.SIGCONT)
        check(service, ledger)  # no letter was hit: none may come twice


@with_seeds
def test_a_worker_that_is_frozen_in_a_transaction_does_not_hold_up_those_that_give_back_its_work(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with ExitStack() as afterwards:
        with load(service, ledger, seed):
            frozen = service.at("worker.notify_ended", "stop")
            eventually(frozen, "the worker is frozen")
            afterwards.callback(service.strike, "worker", signal.SIGCONT)
            ledger.letters_hit |= service.being_sent()
            afterwards.enter_context(service.second_worker())
            many = len(ledger.receipts) + 10
            eventually(lambda: len(ledger.receipts) > many, "traffic")
        check(service, ledger)


def test_a_letter_that_is_asked_for_many_times_at_once_is_sent_once(service: Service, ledger: Ledger) -> None:
    with service.second_worker():
        ask_many_times(service, ledger)
        check(service, ledger)


def ask_many_times(service: Service, ledger: Ledger) -> None:
    """Letters on a slow line; while the first is being sent, each is asked for again and again."""
    phone = Phone(service, ledger, "repeated")
    service.post_office.seconds = 0.5
    phone.post()
    eventually(service.being_sent, "a letter is on its way")
    service.rows(
        """
        INSERT INTO procrastinate_jobs (queue_name, task_name, args)
        SELECT 'letters', 'send', jsonb_build_object('delivery_id', id)
        FROM delivery, generate_series(1, 6) WHERE state IN ('owed', 'sending') RETURNING id
        """
    )
    eventually(lambda: not service.being_sent(), "the letters are sent")
    service.post_office.seconds = 0


def test_an_event_that_is_told_many_times_owes_each_letter_once(service: Service, ledger: Ledger) -> None:
    tell_many_times(service, ledger)
    check(service, ledger)


def tell_many_times(service: Service, ledger: Ledger) -> None:
    phone = Phone(service, ledger, str(uuid7()))
    phone.post()
    service.rows(
        """
        INSERT INTO procrastinate_jobs (queue_name, task_name, args)
        SELECT 'letters', 'notify', jsonb_build_object('event_id', id)
        FROM report_event, generate_series(1, 10) WHERE report_id::text = ANY(%s) RETURNING id
        """,
        list(ledger.tried),
    )
