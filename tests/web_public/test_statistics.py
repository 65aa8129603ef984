import csv
import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from nerirepo.base import clock
from nerirepo.database.db import reading, transaction
from nerirepo.publication import tallies
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import Report
from nerirepo.words.language import LANGUAGES
from tests.factories.public_reports import MONDAY, add_event, add_report, publish_now
from web_public.app import create_app
from web_public.statistics import A_PAGE, PROPERTIES, SHOWN

pytestmark = pytest.mark.usefixtures("database", "storage")


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(), headers={"accept-language": "ja"})


def a_ward_at_work() -> list[Report]:
    """Thirty-six reports and three deeds in every state that are public, and some that are not."""
    with transaction() as session:
        reports = [add_report(session, town="旭丘一丁目") for _ in range(23)]
        for town in ("栄町", "栄町", "羽沢一丁目", None):
            reports.append(add_report(session, category_code="graffiti", town=town))
        for _ in range(4):
            report = add_report(session, closed_at=MONDAY, confirmed_fixed_at=MONDAY)
            add_event(session, report, "resolve", to=Status.RESOLVED)
            reports.append(report)
        for status in (Status.HANDED_OVER, Status.DECLINED, Status.DUPLICATE, Status.DECLINED):
            report = add_report(session, received_at=MONDAY - timedelta(days=40))
            add_event(session, report, "hand_over", to=status)
            reports.append(report)
        reopened = add_report(session, received_at=MONDAY - timedelta(days=40))
        add_event(session, reopened, "reopen", to=Status.CHECKING)
        deeds = [add_report(session, category_code="deed.cleanup", is_deed=True) for _ in range(3)]
        add_report(session, visibility=Visibility.PENDING)
        add_report(session, visibility=Visibility.PENDING, town="栄町", status=Status.DECLINED)
        add_report(session, visibility=Visibility.HIDDEN, category_code="deed.cleanup", is_deed=True)
    for report in (*reports, reopened, *deeds):
        publish_now(report.id)
    count()
    return reports


def publish_some(numbers: dict[Status, int]) -> None:
    """So many of each, from one day, all public; and count them."""
    with transaction() as session:
        reports = [
            add_report(session, status=status, closed_at=MONDAY)
            for status, number in numbers.items()
            for _ in range(number)
        ]
    for report in reports:
        publish_now(report.id)
    count()


def count() -> None:
    with transaction() as session:
        tallies.count(session)


def links_of(page: str) -> list[tuple[str, str]]:
    """Address and words of each link that opens rows."""
    found = re.findall(r'<a href="((?:/statistics/reports|/deeds)[^"]*)">([^<]+)</a>', page)
    return [(html.unescape(link), words) for link, words in found]


def rows_behind(client: TestClient, link: str) -> int:
    """How many reports the list has, on all of its pages."""
    numbers: set[str] = set()
    while link:
        page = client.get(link)
        assert page.status_code == 200, link
        numbers |= set(re.findall(r'href="/reports/(NR-[^"?]+)"', page.text))
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        link = html.unescape(following[1]) if following else ""
    return len(numbers)


def test_every_number_opens_exactly_as_many_rows(client: TestClient) -> None:
    a_ward_at_work()
    links = links_of(client.get("/statistics").text)
    said = [(link, words) for link, words in links if "which=timed" not in link]
    numbers = {link: int(words) for link, words in said if words.isdigit()}
    assert {link for link, _ in said} == numbers.keys()
    opened = {link.partition("which=")[2].partition("&")[0] for link in numbers}
    assert opened == {*SHOWN, ""}  # '': the deeds' page
    assert {link.partition("&")[2].partition("=")[0] for link in numbers} == {*PROPERTIES, "others", ""}
    assert max(numbers.values()) > A_PAGE
    for link, number in numbers.items():
        assert rows_behind(client, link) == number, link


def test_a_number_of_days_opens_the_reports_that_it_was_measured_by(client: TestClient) -> None:
    publish_some({Status.RESOLVED: 4, Status.RECEIVED: 4, Status.DUPLICATE: 3})
    links = dict(links_of(client.get("/statistics").text))
    assert links["/statistics/reports?which=timed"] == "その日のうち"
    assert rows_behind(client, "/statistics/reports?which=timed") == 8


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", "10件以上"),
        ("ja-easy", "10か もっと"),
        ("en", "at least 10 reports"),
        ("zh-Hans", "10件以上"),
        ("ko", "10건 이상"),
    ],
)
def test_what_is_not_published_is_told_in_one_rough_number(client: TestClient, lang: str, said: str) -> None:
    with transaction() as session:
        for _ in range(12):
            add_report(session, visibility=Visibility.PENDING, status=Status.DECLINED)
    with clock.at(MONDAY + timedelta(days=8)):
        count()
    page = client.get(f"/statistics?lang={lang}").text
    assert said in re.sub(r"<rt>.*?</rt>|<rp>.*?</rp>|<[^>]+>", "", page)
    assert "12" not in re.findall(r'class="unpublished">(.*?)</p>', page, re.DOTALL)[0]
    assert "<table>" not in page, "and by nothing that they have in common"


def test_fewer_than_ten_are_fewer_than_ten(client: TestClient) -> None:
    publish_some({Status.RECEIVED: 1})
    page = client.get("/statistics?lang=en").text
    assert "fewer than 10 reports" in page


def test_the_table_for_machines_says_what_the_page_says(client: TestClient) -> None:
    a_ward_at_work()
    lines = csv.DictReader(client.get("/open-data/statistics.csv").text.lstrip("\ufeff").splitlines())
    expected = [
        [row[column] for column in SHOWN]
        for row in sorted(
            lines, key=lambda row: ("all", *PROPERTIES, "deeds", "unpublished").index(row["by"])
        )
        if row["by"] not in ("deeds", "unpublished")
    ]
    page = client.get("/statistics").text
    shown = [re.findall(r"<strong>(.*?)</strong>", page, re.DOTALL)[: len(SHOWN)]]
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        if cells := re.findall(r"<td>(.*?)</td>", row, re.DOTALL):
            shown.append(cells[: len(SHOWN)])
    assert [[told_in(cell) for cell in row] for row in shown] == expected


def told_in(cell: str) -> str:
    return re.sub(r"<[^>]+>", "", cell).strip()


def test_a_bar_shows_what_is_published_by_its_end(client: TestClient) -> None:
    a_ward_at_work()
    page = client.get("/statistics").text
    bar = re.search(r'<text x="0" y="\d+">2026年11月</text>.*?(?=<text x="0"|</svg>)', page, re.DOTALL)
    assert bar
    parts = [
        (kind, float(width)) for kind, width in re.findall(r'class="(\w+)"[^>]* width="([\d.]+)"', bar[0])
    ]
    assert [kind for kind, _ in parts] == ["fixed", "open"]
    assert sum(width for _, width in parts) == pytest.approx(360, abs=0.3)
    assert parts[0][1] == pytest.approx(360 * 4 / 31, abs=0.1)


def test_a_number_follows_what_is_published(client: TestClient) -> None:
    hidden, *a_few = a_ward_at_work()
    with transaction() as session:
        session.get_one(Report, hidden.id).visibility = Visibility.HIDDEN
    publish_now(hidden.id)
    with reading() as session:
        asked = session.execute(
            text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'count' AND status = 'todo'")
        ).scalar_one()
    assert 1 <= asked < len(a_few)  # many were published, and few asked
    count()
    links = dict(links_of(client.get("/statistics").text))
    assert links["/statistics/reports?which=received"] == "35"


def test_reports_without_a_town_have_a_row_and_open_their_reports(client: TestClient) -> None:
    a_ward_at_work()
    page = client.get("/statistics").text
    assert "town=%E6%A0%84%E7%94%BA" in page
    others = client.get("/statistics/reports?which=received&others=town").text
    assert "町の分からないもの (町)" in re.sub(r"<[^>]+>", "", others)
    assert others.count('class="card"') == 1
    assert page.count("<table>") == 4
    assert page.count('role="img"') == 4


def test_before_anything_is_counted_the_page_says_so(client: TestClient) -> None:
    page = client.get("/statistics")
    assert page.status_code == 200
    assert "公開している投稿がまだない" in page.text


def test_counting_anew_changes_the_page_at_once(client: TestClient) -> None:
    a_ward_at_work()
    before = client.get("/statistics")
    unchanged = client.get("/statistics", headers={"if-none-match": before.headers["etag"]})
    assert unchanged.status_code == 304
    publish_some({Status.RECEIVED: 1})
    assert client.get("/statistics", headers={"if-none-match": before.headers["etag"]}).status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nonsense_is_answered_kindly_in_the_persons_language(client: TestClient, lang: str) -> None:
    for query, status in (
        ("which=everything", 400),
        ("month=2026-13", 400),
        ("others=number", 400),
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
    assert "公開している投稿は22件です" in page.text
