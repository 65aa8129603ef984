"""Stories of an object store that is there and cannot be trusted."""

from collections.abc import Iterator

import pytest

from operate.embedded import store as real_store
from tests.faults.bad_store import BadStore
from tests.faults.checker import check
from tests.faults.ledger import Ledger
from tests.faults.load import load
from tests.faults.seeds import with_seeds
from tests.faults.service import Service, eventually, running

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BadStore, dict[str, str]]]:
    """The store, and the settings that lead a service to it."""
    with real_store.running(tmp_path_factory.mktemp("store")) as (endpoint, key, secret):
        bad = BadStore(endpoint)
        with bad.listening() as ours:
            yield (
                bad,
                {
                    "NERIREPO_S3_ENDPOINT": ours,
                    "NERIREPO_S3_ACCESS_KEY": key,
                    "NERIREPO_S3_SECRET_KEY": secret,
                },
            )


@pytest.fixture(scope="module")
def _running(store: tuple[BadStore, dict[str, str]]) -> Iterator[Service]:
    with running(**store[1]) as service:
        yield service


@pytest.fixture
def bad(store: tuple[BadStore, dict[str, str]]) -> BadStore:
    return store[0]


@with_seeds
@pytest.mark.parametrize("fault", ["cuts", "halves", "is_busy"])
def test_a_store_that_gives_half_an_object_or_is_busy_costs_no_photo(
    service: Service, ledger: Ledger, bad: BadStore, seed: int, fault: str
) -> None:
    with load(service, ledger, seed) as phones:
        eventually(lambda: len(ledger.photos) > 1, "photos")
        hit = bad.hit
        setattr(bad, fault, True)
        try:
            for phone in phones[:4]:
                phone.write(photos=1)
            eventually(lambda: bad.hit > hit + 4, "spoilt answers")
        finally:
            setattr(bad, fault, False)
    check(service, ledger)


@with_seeds
def test_what_a_store_has_acknowledged_and_cannot_show_yet_is_waited_for(
    service: Service, ledger: Ledger, bad: BadStore, seed: int
) -> None:
    with load(service, ledger, seed) as phones:
        eventually(lambda: len(ledger.receipts) > 2, "traffic")
        hit = bad.hit
        with bad.hides():
            for phone in phones[:4]:
                phone.write(photos=1)
            eventually(lambda: bad.hit > hit + 4, "objects that are not found")
    check(service, ledger)
