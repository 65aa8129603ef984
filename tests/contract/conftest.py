"""The API on a real port, for what must be seen on the wire."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from operate.serving.front import create_api
from tests.support.live_service import running


@pytest.fixture
def port(database: Path, storage: None) -> Iterator[int]:
    """Where the API listens, on 127.0.0.1; served as `operate.serving.serve` does."""
    with running(create_api(), calls_itself_so=False) as address:
        yield urlsplit(address).port or 0
