"""One service for all cases of a test process: a case has its own ledger, and leaves the service healed."""

from collections.abc import Iterator

import pytest

from tests.faults.ledger import Ledger
from tests.faults.service import Service, eventually, running


@pytest.fixture(scope="session")
def _running() -> Iterator[Service]:
    with running() as service:
        yield service


@pytest.fixture
def service(_running: Service) -> Service:
    """Running and well, whatever the case before has done to it."""
    eventually(_running.is_well, "the service is well again")
    return _running


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()
