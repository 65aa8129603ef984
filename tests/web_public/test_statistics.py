import csv
import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from nerirepo.db import reading, transaction
from nerirepo.language import LANGUAGES
from nerirepo.publication import tallies
from nerirepo.publication.read import Which
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import Report
from tests.public_reports import MONDAY, add_event, add_report, publish_now
from web_public.app import create_app
from web_public.statistics import A_PAGE, PROPERTIES, SHOWN

pytestmark = pytest.mark.usefixtures("database", "storage")


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(), headers={"accept-language": "ja"})


def a_ward_at_work() -> list[Report]:
    """Thirty-eight reports and a deed in every state, of which some are not public; some towns have few."""
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
    said = [(link, words.removesuffix("以上")) for link, words in links if "which=timed" not in link]
    numbers = {link: int(words) for link, words in said if words.isdigit()}
    assert {link for link, _ in said} == numbers.keys()
    assert any(words.endswith("以上") for _, words in links)
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


def test_where_it_is_not_told_how_many_are_fixed_no_days_are_either(client: TestClient) -> None:
    """Half were fixed at once and 80 % not yet: of three, that would be two."""
    publish_some({Status.RESOLVED: 2, Status.RECEIVED: 1})
    page = client.get("/statistics").text
    assert "which=timed" not in page
    assert "その日のうち" not in page
    tile = re.search(r"<span>半分が直るまで</span> <strong>(.*?)</strong>", page, re.DOTALL)
    assert tile
    assert tile[1].strip() == "非表示"


@pytest.mark.parametrize(
    ("lang", "at_least", "untold"),
    [
        ("ja", "2以上", "非表示"),
        ("ja-easy", "2か もっと", "さない"),
        ("en", "2 or more", "not shown"),
        ("zh-Hans", "2件以上", "不显示"),
        ("ko", "2 이상", "표시 안 함"),
    ],
)
def test_of_a_number_that_is_not_told_the_published_part_is_the_least(
    client: TestClient, lang: str, at_least: str, untold: str
) -> None:
    publish_some({Status.RESOLVED: 2, Status.RECEIVED: 5})
    with transaction() as session:
        for _ in range(2):
            add_report(session, status=Status.DECLINED, visibility=Visibility.PENDING)
    count()
    page = client.get(f"/statistics?lang={lang}").text
    link = re.search(r'<a href="/statistics/reports\?which=resolved[^"]*">(.*?)</a>', page)
    assert link
    assert at_least in link[1]
    tile = re.findall(r"<li><span>.*?</span> <strong>(.*?)</strong>", page, re.DOTALL)[
        SHOWN.index(Which.DECLINED)
    ]
    assert untold in tile
    assert "<a" not in tile


def test_the_table_for_machines_says_what_the_page_says(client: TestClient) -> None:
    a_ward_at_work()
    lines = csv.DictReader(client.get("/open-data/statistics.csv").text.lstrip("\ufeff").splitlines())
    expected = [
        [row[column] for column in SHOWN]
        for row in sorted(lines, key=lambda row: ("all", *PROPERTIES, "deeds").index(row["by"]))
        if row["by"] != "deeds"
    ]
    page = client.get("/statistics").text
    shown = [re.findall(r"<strong>(.*?)</strong>", page, re.DOTALL)[: len(SHOWN)]]
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        if cells := re.findall(r"<td>(.*?)</td>", row, re.DOTALL):
            shown.append(cells[: len(SHOWN)])
    assert [[told_in(cell) for cell in row] for row in shown] == expected


def told_in(cell: str) -> str:
    """The number, or nothing where there is none but its least."""
    words = re.sub(r"<small>.*</small>|<[^>]+>", "", cell, flags=re.DOTALL).strip()
    return words if words.isdigit() else ""


def test_where_some_are_not_published_the_whole_is_told_beside_what_it_opens(client: TestClient) -> None:
    a_ward_at_work()
    page = re.sub(r"\s+", " ", client.get("/statistics").text)
    assert '38 <small>うち公開 <a href="/statistics/reports?which=received">36</a></small>' in page
    assert '4 <small>うち公開 <a href="/deeds">3</a></small>' in page
    rows = client.get("/statistics/reports?which=received").text
    assert "公開している投稿は36件です" in rows
    assert "公開していないものも入れると38件です" in rows


def test_a_bar_shows_what_is_published_by_its_end_and_the_rest_as_one_part(client: TestClient) -> None:
    a_ward_at_work()
    page = client.get("/statistics").text
    bar = re.search(r'<text x="0" y="\d+">2026年11月</text>.*?(?=<text x="0"|</svg>)', page, re.DOTALL)
    assert bar
    parts = [
        (kind, float(width)) for kind, width in re.findall(r'class="(\w+)"[^>]* width="([\d.]+)"', bar[0])
    ]
    assert [kind for kind, _ in parts] == ["fixed", "open", "unpublished"]
    assert sum(width for _, width in parts) == pytest.approx(360, abs=0.3)
    assert parts[0][1] == pytest.approx(360 * 4 / 33, abs=0.1)


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


def test_small_numbers_are_told_together_and_open_their_rows_together(client: TestClient) -> None:
    a_ward_at_work()
    page = client.get("/statistics").text
    assert "以上</a>" in page
    assert "town=%E6%A0%84%E7%94%BA" not in page
    others = client.get("/statistics/reports?which=received&others=town").text
    assert "そのほか（まとめたもの） (町)" in re.sub(r"<[^>]+>", "", others)
    assert others.count('class="card"') == 4
    assert page.count("<table>") == 4
    assert page.count('role="img"') == 4


def test_what_the_last_release_has_counted_is_shown_until_it_is_counted_anew(client: TestClient) -> None:
    a_ward_at_work()
    with transaction() as session:
        session.execute(text("UPDATE published.tally SET published = '{}'"))
    assert client.get("/statistics").status_code == 200


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
