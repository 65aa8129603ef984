"""The public site as a browser meets it: on a real port, with the API that its map asks, on a small phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from operate.serving.front import create_front
from tests.support.in_a_browser import browser
from tests.support.live_service import running

SMALL_PHONE = {"width": 360, "height": 740}


__all__ = ["browser"]


@pytest.fixture
def site(database: Path, storage: None) -> Iterator[str]:
    """The address of the running site."""
    with running(create_front(), calls_itself_so=False) as address:
        yield address


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    """A page without JavaScript, as the site must work."""
    context = browser.new_context(
        base_url=site, viewport=SMALL_PHONE, locale="ja-JP", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def inspected(browser: Browser, site: str) -> Iterator[Page]:
    """A page into which a test may put a program of its own."""
    context = browser.new_context(base_url=site, viewport=SMALL_PHONE, locale="ja-JP", bypass_csp=True)
    yield context.new_page()
    context.close()
