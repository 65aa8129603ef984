"""Whatever an address says, the answer is kind: a page in the reader's language, JSON for programs."""

import re

import pytest
from starlette.testclient import TestClient

from nerirepo.words.language import LANGUAGES, tag
from operate.serving.front import create_front

pytestmark = pytest.mark.usefixtures("database", "storage")

NONSENSE = [
    ("/reports?category=no.such_kind", 400),
    ("/reports?category=%F0%9F%92%A5", 400),
    ("/reports?department=no_such_office", 400),
    ("/reports?town=%E3%81%AA%E3%81%84%E7%94%BA", 400),
    ("/statistics/reports?town=%E3%81%AA%E3%81%84%E7%94%BA", 400),
    ("/?status=finished", 400),
    ("/?bbox=1,2,3", 400),
    ("/?bbox=nan,nan,nan,nan", 400),
    ("/?bbox=140,36,139,35", 400),
    ("/?since=2026-02-30", 400),
    ("/?since=2026-03-01&until=2026-02-01", 400),
    ("/reports?town=" + "あ" * 50, 400),
    ("/reports?sort=best", 400),
    ("/reports?cursor=x", 400),
    ("/statistics/reports?which=all", 400),
    ("/statistics/reports?category=no.such_kind", 400),
    ("/improvements?cursor=%FF", 400),
    ("/improvements?show=some", 400),
    ("/reports/NR-2026-999999", 404),
    ("/reports/%E7%A9%B4", 404),
    ("/reports/NR-2026-999999/card.jpg", 404),
    ("/sitemaps/2026-13", 404),
    ("/no-such-page", 404),
]
FOR_PROGRAMS = [
    ("/open-data/reports.csv?status=finished", 400),
    ("/open-data/reports.json?category=no.such_kind", 400),
    ("/open-data/reports.geojson?bbox=1", 400),
    ("/open-data/reports.json?town=%E3%81%AA%E3%81%84%E7%94%BA", 400),
    ("/feeds/reports.atom?department=no_such_office", 400),
    ("/feeds/reports.atom?since=yesterday", 400),
    ("/feeds/reports.atom?category=no.such_kind", 400),
    ("/sitemaps/2026-13.xml", 404),
    ("/sitemaps/2030-01.xml", 404),
    ("/map/lines/40/0/0.mvt", 404),
    ("/map/lines/10/-1/0.mvt", 404),
    ("/v1/public/tiles/3/8/0.mvt", 404),
]


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_front())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_person_reads_a_page_in_her_language(client: TestClient, lang: str) -> None:
    for path, status in NONSENSE:
        page = client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        assert page.status_code == status, path
        assert f'<html lang="{tag(lang)}">' in page.text, path
        assert "<h1>" in page.text, path


def test_who_mistakes_one_filter_loses_no_other(client: TestClient) -> None:
    page = client.get("/reports?category=road&since=2026-12-01&until=2026-11-01")
    assert page.status_code == 400
    (kept,) = re.findall(r'class="button" href="(/reports[^"]*)"', page.text)
    assert kept == "/reports?category=road&amp;since=2026-12-01"
    assert client.get(kept.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(("path", "status"), FOR_PROGRAMS)
def test_a_program_reads_json(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_language_that_we_do_not_write_is_answered_in_the_browsers(client: TestClient) -> None:
    page = client.get("/statistics?lang=tlh", headers={"accept-language": "zh-CN"})
    assert page.status_code == 400
    assert '<html lang="zh-Hans">' in page.text
