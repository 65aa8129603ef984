"""A phone of 360 pixels with the whole service on a real port."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from operate.serving.front import create_front
from tests.support.live_service import running
from tests.support.pictures import camera_jpeg
from tests.web_public.posting.form import OFFICE, SMALL_PHONE


@pytest.fixture
def service(database: Path, storage: None) -> Iterator[str]:
    with running(create_front()) as address:
        yield address


@pytest.fixture
def context(browser: Browser, service: str) -> Iterator[BrowserContext]:
    made = browser.new_context(
        base_url=service,
        viewport=SMALL_PHONE,
        locale="ja-JP",
        permissions=["geolocation"],
        geolocation=OFFICE,
        has_touch=True,
    )
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def phone(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    yield page
    assert faults == []


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_0001.jpg"
    path.write_bytes(camera_jpeg(2400, 1800))
    return path
