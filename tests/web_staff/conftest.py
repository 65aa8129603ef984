"""The staff pages as a browser meets them: on a real port, beside the API that serves their photos."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from operate.serving.front import API, STAFF_PAGES, Front
from tests.support.in_a_browser import browser
from tests.support.live_service import running

__all__ = ["browser"]


@pytest.fixture
def site(database: Path, storage: None) -> Iterator[str]:
    """The address of the running service: API and staff pages."""
    from operate.serving.front import create_api
    from web_staff.app import create_app as create_staff_pages

    front = Front({API: create_api(), STAFF_PAGES: create_staff_pages()}, otherwise=Starlette())
    with running(front) as address:
        yield address
