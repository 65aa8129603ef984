"""Stories of clocks that are wrong: a phone's, a machine's, and one that somebody sets while it is used."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.faults.checker import check
from tests.faults.ledger import Ledger
from tests.faults.load import load
from tests.faults.phone import Phone
from tests.faults.seeds import with_seeds
from tests.faults.service import Service, eventually

pytestmark = pytest.mark.long

YEARS = 3650.0
"""Days."""


@pytest.fixture(autouse=True)
def _right_again(service: Service) -> Iterator[None]:
    yield
    for process in ("site", "worker", "second-worker"):
        service.set_clock(process, hours=0)


@with_seeds
@pytest.mark.parametrize("age", [YEARS, -YEARS], ids=["behind", "ahead"])
def test_what_a_phone_sends_whose_clock_is_years_off_is_taken_in(
    service: Service, ledger: Ledger, seed: int, age: float
) -> None:
    phone = Phone(service, ledger, "timeless")
    with load(service, ledger, seed):
        report_id = phone.post(photos=1, age_days=age)["id"]
    check(service, ledger)
    (report,) = service.rows("SELECT received_at, now() FROM report WHERE id::text = %s", report_id)
    assert abs(report["received_at"] - report["now"]) < timedelta(hours=1), "dated by us, not by the phone"


@with_seeds
@pytest.mark.parametrize(("site", "worker"), [(-3.0, 2.0), (4.0, -5.0)], ids=["site behind", "site ahead"])
def test_processes_whose_clocks_differ_by_hours_go_by_one_clock(
    service: Service, ledger: Ledger, seed: int, site: float, worker: float
) -> None:
    service.set_clock("site", hours=site)
    service.set_clock("worker", hours=worker)
    with service.second_worker(), load(service, ledger, seed):  # whose residents sign in by a code of minutes
        service.post_office.seconds = 0.2  # letters are in one worker's hand while the other looks for work
        eventually(lambda: len(ledger.receipts) > 15, "traffic")
        service.post_office.seconds = 0
    check(service, ledger)


@with_seeds
def test_a_clock_that_is_set_back_by_hours_does_not_stop_the_sweeper(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with load(service, ledger, seed):
        for hours in (5.0, 0.0):
            before = service.pids("worker")
            service.set_clock("worker", hours=hours)
            eventually(lambda: set(service.pids("worker")) - set(before), "another worker")  # noqa: B023
            taken = len(service.post_office.taken)
            eventually(lambda: len(service.post_office.taken) > taken, "its letters")  # noqa: B023
        eventually(service.at("worker.letter_claimed"), "a killed worker")
        ledger.letters_hit |= service.being_sent()
    check(service, ledger)
