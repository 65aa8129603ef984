"""The story of an upgrade: for a while, programs of the last release work on this one's database."""

import re

import pytest

from tests.faults.checker import check
from tests.faults.last_release import beside, last_release
from tests.faults.ledger import Ledger
from tests.faults.load import load
from tests.faults.seeds import with_seeds
from tests.faults.service import Service, eventually

pytestmark = pytest.mark.long


@with_seeds
def test_api_and_worker_of_the_last_release_work_beside_this_ones(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with last_release() as code, beside(service, code) as old:
        with load(service, ledger, seed, doors=(service.url, old)):
            eventually(lambda: len(ledger.receipts) > 20, "traffic")
            service.strike("worker")  # for a moment the old one works alone
            ledger.letters_hit |= service.being_sent()
            eventually(lambda: len(ledger.receipts) > 30, "traffic")
        check(service, ledger)
    old_worker = (service.home / "log" / "old-worker.log").read_text()
    # Until cfbe406 a log was written for people, since then as JSON.
    assert re.search(r'job(=|":")send\b', old_worker), "the old worker has sent nothing"
