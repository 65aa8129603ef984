"""The public site as a browser meets it: on a real port, with the API that its map asks, on a small phone."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from operate.front import create_front

SMALL_PHONE = {"width": 360, "height": 740}


class Server(uvicorn.Server):
    def install_signal_handlers(self) -> None: ...


@pytest.fixture
def site(database: Path, storage: None) -> Iterator[str]:
    """The address of the running site."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(uvicorn.Config(create_front(), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


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
