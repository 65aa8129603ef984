"""Stories of the database and the store that go away while people use the service."""

import signal
import time

import pytest

from tests.faults.checker import check
from tests.faults.ledger import Ledger
from tests.faults.load import load
from tests.faults.seeds import with_seeds
from tests.faults.service import Service, eventually

pytestmark = pytest.mark.long


@with_seeds
@pytest.mark.parametrize(
    "stop", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL], ids=["fast", "immediately", "kill -9"]
)
def test_a_database_that_stops_costs_nothing_that_was_acknowledged(
    service: Service, ledger: Ledger, seed: int, stop: signal.Signals
) -> None:
    with load(service, ledger, seed):
        eventually(lambda: len(ledger.receipts) > 10, "traffic")
        (before,) = service.pids("postgres")
        assert service.strike("postgres", stop) == 1
        eventually(lambda: set(service.pids("postgres")) - {before}, "another database")
        acknowledged = len(ledger.receipts)
        eventually(lambda: len(ledger.receipts) > acknowledged + 5, "traffic again")
    check(service, ledger)


@with_seeds
def test_a_store_that_is_away_for_a_while_costs_no_photo(service: Service, ledger: Ledger, seed: int) -> None:
    with load(service, ledger, seed) as phones:
        eventually(lambda: len(ledger.receipts) > 5, "traffic")
        with service.down("store"):
            for phone in phones:
                phone.write(photos=1)
            eventually(lambda: ledger.answers[503] > 0, "an honest answer about the store")
            words_alone = len(ledger.receipts)
            eventually(lambda: any(not each.queue for each in phones) or words_alone, "words without photos")
    assert ledger.photos
    check(service, ledger)


@with_seeds
def test_a_store_that_hangs_holds_up_photos_and_no_letter(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with load(service, ledger, seed) as phones:
        eventually(lambda: len(ledger.photos) > 1, "photos")
        service.strike("store", signal.SIGSTOP)
        try:
            for phone in phones:
                phone.write(photos=1)
            came, deadline = len(service.post_office.taken), time.monotonic() + 15
            while time.monotonic() < deadline:
                time.sleep(0.5)
            assert len(service.post_office.taken) > came
        finally:
            service.strike("store", signal.SIGCONT)
    check(service, ledger)
