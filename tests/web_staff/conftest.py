"""The staff pages as a browser meets them: on a real port, beside the API that serves their photos."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.applications import Starlette

from nerirepo.settings import settings
from operate.front import API, STAFF_PAGES, Front


class Server(uvicorn.Server):
    def install_signal_handlers(self) -> None: ...


@pytest.fixture
def site(database: Path, storage: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the running service: API and staff pages."""
    from api.app import create_app as create_api
    from web_staff.app import create_app as create_staff_pages

    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    monkeypatch.setenv("NERIREPO_BASE_URL", address)
    settings.cache_clear()
    front = Front({API: create_api(), STAFF_PAGES: create_staff_pages()}, otherwise=Starlette())
    server = Server(uvicorn.Config(front, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield address
    server.should_exit = True
    thread.join()
    listening.close()
    settings.cache_clear()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()
