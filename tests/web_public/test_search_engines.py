"""Each page has one address in each language, and says all of them."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from nerirepo.base.settings import settings
from nerirepo.database.db import transaction
from nerirepo.reports.tables import Report
from nerirepo.words.language import LANGUAGES, tag
from tests.factories.public_reports import MONDAY, add_report, publish_now
from tests.support.breadth import breadth
from tests.web_public.every_page import in_language, pages_of_every_kind
from web_public.app import create_app

pytestmark = pytest.mark.usefixtures("database", "storage")

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
EVERY_TAG = {"x-default", *(tag(each) for each in LANGUAGES)}


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(), base_url=settings().base_url, headers={"accept-language": "ja"})


class Known(HTMLParser):
    """What the head of a page says of its addresses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.canonical: list[str] = []
        self.alternates: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "link" and said.get("rel") == "canonical":
            self.canonical.append(said["href"])
        if tag == "link" and said.get("rel") == "alternate" and "hreflang" in said:
            self.alternates[said["hreflang"]] = said["href"]


def published(**changes: object) -> Report:
    with transaction() as session:
        report = add_report(session, **changes)
    publish_now(report.id)
    return report


@pytest.mark.parametrize("lang", breadth(None, *LANGUAGES))
def test_every_page_says_its_address_in_each_language(client: TestClient, lang: str | None) -> None:
    for path in (*pages_of_every_kind(), "/report", "/improvements?show=all"):
        page = client.get(in_language(path, lang) if lang else path)
        known = Known(page.text)
        if page.status_code != 200:
            assert (known.canonical, known.alternates) == ([], {}), path
            continue
        assert known.alternates.keys() == EVERY_TAG, path
        assert known.canonical == [known.alternates[tag(lang) if lang else "x-default"]], path
        there = client.get(known.canonical[0])
        assert there.status_code == 200, path
        at_its_address = Known(there.text)
        assert at_its_address.canonical == known.canonical, path
        assert at_its_address.alternates == known.alternates, path


def test_the_same_reports_in_another_order_or_found_by_words_are_no_page_of_their_own(
    client: TestClient,
) -> None:
    ours = settings().base_url
    for asked, known_as in (
        ("/reports?town=旭丘一丁目&sort=oldest&utm_source=mail", "/reports?town=%E6%97%AD"),
        ("/reports?q=穴&bbox=139.6,35.7,139.7,35.8&since=2026-01-01", "/reports"),
        ("/?status=before&bbox=139.6,35.7,139.7,35.8", "/"),
        ("/about?status=before&cursor=x", "/about"),
        ("/reports?lang=en&status=before&category=road", "/reports?category=road&status=before&lang=en"),
    ):
        (canonical,) = Known(client.get(asked).text).canonical
        assert canonical.startswith(f"{ours}{known_as}"), asked
        assert not re.search("sort|utm|bbox|since|q=", canonical), asked


def test_pages_for_one_person_are_not_for_search_engines(client: TestClient) -> None:
    assert '<meta name="robots" content="noindex">' in client.get("/me").text


def test_search_engines_find_every_page_and_every_published_report(client: TestClient) -> None:
    reports = [published(), published(received_at=MONDAY - timedelta(days=60))]
    assert f"Sitemap: {settings().base_url}/sitemap.xml" in client.get("/robots.txt").text
    parts = ET.fromstring(client.get("/sitemap.xml").content).iter(f"{SITEMAP}loc")
    found = {
        location.text or ""
        for part in parts
        for location in ET.fromstring(client.get(part.text or "").content).iter(f"{SITEMAP}loc")
    }
    assert {f"{settings().base_url}/reports/{report.number}" for report in reports} <= found
    for address in found:
        assert Known(client.get(address).text).canonical == [address]
    assert client.get("/sitemaps/2026-13.xml").status_code == 404
