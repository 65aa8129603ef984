"""The whole house on a real port, for whoever means harm: nothing is shared with a client in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from operate.serving.front import create_front
from tests.support.live_service import base_url, running


@pytest.fixture
def own_ward(bare_database: Path, storage: None) -> None:
    """The ward's reference data for one test alone, which may replace it."""
    from operate.ward import seed

    seed.load_ward()


@pytest.fixture
def house(database: Path, storage: None) -> Iterator[str]:
    """The address of the API and all pages."""
    # Pages learn the address when they are made.
    with base_url("http://localhost:8000"), running(create_front()) as address:
        yield address
