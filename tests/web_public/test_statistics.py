import re

import pytest
from starlette.testclient import TestClient

from nerirepo.db import transaction
from nerirepo.language import LANGUAGES
from nerirepo.publication import tallies
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import Report
from tests.public_reports import MONDAY, add_event, add_report, publish_now
from web_public.app import create_app

pytestmark = pytest.mark.usefixtures("database", "storage")


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(), headers={"accept-language": "ja"})


def a_ward_at_work() -> list[Report]:
    """Eleven reports of two kinds, of which one is not public and four are fixed."""
    with transaction() as session:
        reports = [add_report(session, town="旭丘一丁目") for _ in range(3)]
        for town in ("栄町", "栄町", "羽沢一丁目"):
            reports.append(add_report(session, category_code="graffiti", town=town))
        for _ in range(4):
            report = add_report(session, closed_at=MONDAY, confirmed_fixed_at=MONDAY)
            add_event(session, report, "resolve", to=Status.RESOLVED)
            reports.append(report)
        add_report(session, visibility=Visibility.PENDING)
    for report in reports:
        publish_now(report.id)
    count()
    return reports


def count() -> None:
    with transaction() as session:
        tallies.count(session)


def links_of_numbers(page: str) -> dict[str, int]:
    found = re.findall(r'<a href="(/statistics/reports\?[^"]*)">(\d+)</a>', page)
    return {link.replace("&amp;", "&"): int(number) for link, number in found}


def test_every_number_opens_the_published_reports_that_make_it(client: TestClient) -> None:
    a_ward_at_work()
    links = links_of_numbers(client.get("/statistics").text)
    assert len(links) > 10
    for link, number in links.items():
        page = client.get(link)
        assert page.status_code == 200, link
        cards = page.text.count('class="card"')
        assert number - 1 <= cards <= number, link  # one of them all is not published
        assert f"公開している投稿は{cards}件です" in page.text
        assert f"公開していないものも入れると{number}件です" in page.text


def test_all_that_came_in_is_counted_and_small_numbers_are_told_together(client: TestClient) -> None:
    a_ward_at_work()
    page = client.get("/statistics").text
    assert '<a href="/statistics/reports?which=received">11</a>' in page
    assert "少数" in page
    assert "town=%E6%A0%84%E7%94%BA" not in page
    assert page.count("<table>") == 4
    assert page.count('role="img"') == 4


def test_before_anything_is_counted_the_page_says_so(client: TestClient) -> None:
    page = client.get("/statistics")
    assert page.status_code == 200
    assert "数を出していません" in page.text


def test_counting_anew_changes_the_page_at_once(client: TestClient) -> None:
    a_ward_at_work()
    before = client.get("/statistics")
    unchanged = client.get("/statistics", headers={"if-none-match": before.headers["etag"]})
    assert unchanged.status_code == 304
    with transaction() as session:
        add_report(session)
    count()
    assert client.get("/statistics", headers={"if-none-match": before.headers["etag"]}).status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nonsense_is_answered_kindly_in_the_persons_language(client: TestClient, lang: str) -> None:
    for query, status in (
        ("which=everything", 400),
        ("month=2026-13", 400),
        ("month=１", 400),
        ("which=deed", 404),
        ("category=A%00", 400),
        ("town=" + "あ" * 50, 400),
        ("cursor=x", 400),
    ):
        page = client.get(f"/statistics/reports?{query}&lang={lang}")
        assert page.status_code == status, query
        assert f'hreflang="{"ja-x-easy" if lang == "ja-easy" else lang}" aria-current="true"' in page.text


def test_what_was_hidden_is_no_row_of_a_number(client: TestClient) -> None:
    hidden, *_ = a_ward_at_work()
    with transaction() as session:
        session.get_one(Report, hidden.id).visibility = Visibility.HIDDEN
    page = client.get("/statistics/reports?which=received&town=旭丘一丁目")
    assert hidden.number not in page.text
    assert "公開している投稿は2件です" in page.text
