import html
import json
import re
import tomllib
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from starlette.testclient import TestClient

import web_public
from nerirepo.base import clock
from nerirepo.base.settings import settings
from nerirepo.database.db import transaction
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import PhotoRole, Report, ReportSubmission
from nerirepo.words.language import LANGUAGES, long_date
from operate.serving.front import create_front
from tests.factories.public_reports import MONDAY, SECRET, add_event, add_photo, add_report, publish_now
from web_public.app import create_app
from web_public.open_data import LICENCE

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core"

pytestmark = pytest.mark.usefixtures("database", "storage")


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(), headers={"accept-language": "ja"})


def a_repaired_lamp() -> Report:
    with transaction() as session:
        report = add_report(session, closed_at=MONDAY + timedelta(days=3))
        add_photo(session, report)
        add_photo(session, report, role=PhotoRole.AFTER, position=1)
        add_event(session, report, "accept", to=Status.CHECKING, internal="内部のメモ")
        add_event(session, report, "resolve", to=Status.RESOLVED, note="電球を\n取り替えました。<b>")
    publish_now(report.id)
    return report


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "action") and value:
                self.found.add(value)
            if name == "srcset" and value:
                self.found |= {each.split()[0] for each in value.split(",")}


def test_the_first_page_shows_the_newest_reports_and_how_to_report(client: TestClient) -> None:
    report = a_repaired_lamp()
    page = client.get("/")
    assert page.status_code == 200
    for words in ("ねりまちレポーター", "投稿のしかた", "豊玉北六丁目", f"/reports/{report.number}", "119"):
        assert words in page.text


def test_a_case_tells_what_happened_and_nothing_that_is_not_public(client: TestClient) -> None:
    report = a_repaired_lamp()
    page = client.get(f"/reports/{report.number}").text
    for words in (
        "街路灯が消えていて、夜は暗いです。",
        "電球を\n取り替えました。&lt;b&gt;",
        "2026年11月16日(月)",
        "3日",
        "街路灯担当",
        "対応済",
        'class="marker"',
        "豊玉北六丁目",
    ):
        assert words in page
    assert SECRET not in page
    assert "内部のメモ" not in page
    assert str(report.id) not in page


def test_a_report_near_a_home_is_drawn_as_an_area(client: TestClient) -> None:
    with transaction() as session:
        report = add_report(session, hides_point=True)
    publish_now(report.id)
    page = client.get(f"/reports/{report.number}").text
    assert 'class="area"' in page
    assert 'class="marker"' not in page


def test_a_refusal_shows_its_reason_and_a_hand_over_its_manager(client: TestClient) -> None:
    with transaction() as session:
        report = add_report(session, manager_code="tokyo_roads")
        add_event(
            session,
            report,
            "decline",
            to=Status.DECLINED,
            note="基準内でした。",
            reason_code="within_standard",
            measured_value="12 mm",
            review_on="2027-04-01",
        )
        add_event(session, report, "reopen", to=Status.CHECKING)
        add_event(session, report, "hand_over", to=Status.HANDED_OVER, manager="tokyo_roads")
    publish_now(report.id)
    page = client.get(f"/reports/{report.number}").text
    for words in ("基準の範囲内", "12 mm", "2027年4月1日", "東京都"):
        assert words in page


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.DECLINED, "対象外とした日"),
        (Status.HANDED_OVER, "引き継いだ日"),
        (Status.DUPLICATE, "まとめた日"),
        (Status.WITHDRAWN, "取り下げた日"),
        (Status.RESOLVED, "対応が終わった日"),
    ],
)
def test_only_a_repair_took_days_and_is_ticked_off(client: TestClient, status: Status, said: str) -> None:
    with transaction() as session:
        report = add_report(session, status=status, closed_at=MONDAY + timedelta(days=3))
    publish_now(report.id)
    page = client.get(f"/reports/{report.number}").text
    assert f"<dt>{said}</dt>" in page
    assert ("かかった日数" in page) == (status is Status.RESOLVED)
    assert ('class="tick" d="m5.5' in page) == (status is Status.RESOLVED)


def test_every_link_of_every_page_leads_somewhere() -> None:
    client = TestClient(create_front(), headers={"accept-language": "ja"})
    report = a_repaired_lamp()
    with transaction() as session:
        duplicate = add_report(session, parent_id=report.id, status=Status.DUPLICATE)
    publish_now(duplicate.id)
    seen: set[str] = set()
    ahead = {"/", "/?lang=en", f"/reports/{duplicate.number}"}
    while ahead:
        path = ahead.pop()
        seen.add(path)
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            found = Links(answer.text).found
            links = {link.partition("#")[0].removeprefix(settings().base_url) for link in found}
            own = {link.replace("&amp;", "&") for link in links if link.startswith("/")}
            ours = ("/", "?", "tel:", "mailto:", "https://ward.example.jp/", LICENCE)
            assert all(link.startswith(ours) for link in links if link), links
            # Filters multiply without end: the first step into each is enough.
            ahead |= {link for link in own if link.count("&") < 2} - seen
    assert f"/reports/{report.number}" in seen
    assert any(path.startswith("/media/") for path in seen)


def test_the_list_pages_filters_and_searches_by_plain_links(client: TestClient) -> None:
    for minute in range(21):
        with transaction() as session:
            report = add_report(session, received_at=MONDAY + timedelta(minutes=minute))
        publish_now(report.id)
    first = client.get("/reports")
    assert first.text.count('class="card"') == 20
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following
    second = client.get(following[1].replace("&amp;", "&"))
    assert second.text.count('class="card"') == 1
    assert client.get("/reports?status=after").text.count('class="card"') == 0
    assert client.get("/reports", params={"q": report.number}).text.count('class="card"') == 1
    assert client.get("/reports", params={"category": "road", "q": "穴"}).status_code == 200


def test_the_language_is_carried_by_the_links_and_otherwise_the_browser_s(client: TestClient) -> None:
    report = a_repaired_lamp()
    english = client.get(f"/reports/{report.number}?lang=en")
    assert '<html lang="en">' in english.text
    assert "Mon, 16 Nov 2026" in english.text
    assert 'href="/reports?lang=en"' in english.text
    assert '<p class="said" lang="ja">' in english.text
    by_browser = client.get("/", headers={"accept-language": "en-GB,en;q=0.9"})
    assert '<html lang="en">' in by_browser.text
    assert 'href="/reports"' in by_browser.text
    assert by_browser.headers["vary"] == "Accept-Language"
    unknown = client.get("/?lang=tlh", headers={"accept-language": "ko"})
    assert unknown.status_code == 400
    assert '<html lang="ko">' in unknown.text


LEADING_AWAY = (
    "//evil.example/x",
    "///evil.example",
    "//evil.example/reports",
    "/%5Cevil.example/x",
    "/%09/evil.example",
    "/%0a/evil.example",
    "/%2F%5Cevil.example",
    "//%5Cevil.example?q=1",
)


@pytest.mark.parametrize("path", LEADING_AWAY)
def test_no_link_of_a_page_that_is_not_there_leads_to_another_site(client: TestClient, path: str) -> None:
    page = client.get(f"http://localhost:8000{path}")
    assert page.status_code == 404
    links = Links(page.text).found
    assert any("lang=ko" in link for link in links)
    for link in links:
        # As browsers read an address: without tabs and line ends, and a backslash is a slash.
        read = re.sub(r"[\t\r\n]", "", html.unescape(link)).replace("\\", "/")
        assert not read.startswith("//")
        if "lang=" in read:
            assert urlsplit(urljoin(f"http://localhost:8000{path}", read)).netloc == "localhost:8000"


def test_what_is_hidden_is_gone_at_once_with_its_pictures(client: TestClient) -> None:
    report = a_repaired_lamp()
    media = re.findall(r'src="(/media/[^"]+)"', client.get(f"/reports/{report.number}").text)
    assert client.get(media[0]).status_code == 200
    with transaction() as session:
        session.get_one(Report, report.id).visibility = Visibility.HIDDEN
    gone = client.get(f"/reports/{report.number}")
    assert gone.status_code == 410
    assert "公開を終えました" in gone.text
    assert "街路灯が消えて" not in gone.text
    assert client.get(f"/reports/{report.id}").status_code == 410
    assert client.get(media[0]).status_code == 404
    assert report.number not in client.get("/reports").text


def test_what_is_not_public_yet_looks_like_what_does_not_exist(client: TestClient) -> None:
    with transaction() as session:
        report = add_report(session, visibility=Visibility.PENDING)
    publish_now(report.id)
    unknown = client.get("/reports/NR-2026-999999")
    pending = client.get(f"/reports/{report.number}")
    assert unknown.status_code == pending.status_code == 404
    assert pending.text.replace(report.number, "NR-2026-999999") == unknown.text


def test_after_erasure_the_ward_s_part_of_the_story_remains(client: TestClient) -> None:
    report = a_repaired_lamp()
    with transaction() as session:
        session.get_one(ReportSubmission, report.id).erased_at = clock.now()
    publish_now(report.id)
    page = client.get(f"/reports/{report.number}").text
    assert "取り替えました" in page
    assert "夜は暗い" not in page
    assert "/media/" not in page


def test_a_report_s_id_and_a_careless_spelling_lead_to_its_number(client: TestClient) -> None:
    report = a_repaired_lamp()
    for asked in (str(report.id), report.number.lower()):
        answer = client.get(f"/reports/{asked}?lang=en", follow_redirects=False)
        assert answer.status_code == 301
        assert answer.headers["location"] == f"/reports/{report.number}?lang=en"


def test_the_ward_s_texts_are_pages(client: TestClient) -> None:
    for page in ("about", "terms", "privacy", "accessibility"):
        assert client.get(f"/{page}").status_code == 200
        assert client.get(f"/{page}?lang=en").status_code == 200
    assert client.get("/nothing").status_code == 404


def test_the_accessibility_page_tells_when_this_release_was_tested_and_with_what(client: TestClient) -> None:
    test = tomllib.loads((Path(web_public.__file__).parent / "accessibility_test.toml").read_text())
    assert test["tested_on"] <= clock.today_in_japan()
    axe = json.loads((AXE / "package.json").read_text())["version"]
    assert test["axe"] == axe, "run script/accessibility: there is a newer axe"
    for lang in LANGUAGES:
        page = client.get(f"/accessibility?lang={lang}").text
        assert long_date(test["tested_on"], lang) in page
        assert "{" not in page.partition("<main")[2]


def test_before_the_first_start_the_site_stands_without_a_ward(bare_database: object) -> None:
    client = TestClient(create_app())
    for path in ("/", "/reports", "/theme.css", "/favicon.svg"):
        assert client.get(path).status_code == 200
    assert client.get("/about").status_code == 404
