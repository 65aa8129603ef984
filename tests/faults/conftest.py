"""One service for all cases of a test process: a case has its own ledger, and leaves the service healed."""

import signal
from collections.abc import Iterator

import pytest

from tests.faults.ledger import Ledger
from tests.faults.service import PARTS, Service, eventually, running


@pytest.fixture(scope="session")
def _running() -> Iterator[Service]:
    with running() as service:
        yield service


@pytest.fixture
def service(_running: Service) -> Service:
    """Running and well, whatever the case before has done to it."""
    for part in PARTS:
        _running.strike(part, signal.SIGCONT)
    eventually(_running.is_well, "the service is well again")
    # Limits by the hour would take all cases together for one person.
    _running.rows("DELETE FROM rate_log RETURNING key")
    return _running


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()
