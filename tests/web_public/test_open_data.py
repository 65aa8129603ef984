import csv
import gzip
import io
import json
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from html import unescape

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from nerirepo.database.db import transaction
from nerirepo.publication.read import COLUMNS, FIELDS, open_data
from nerirepo.publication.read.open_data import one_way, phone
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import PhotoRole, Report
from nerirepo.words.language import LANGUAGES
from tests.factories.public_reports import MONDAY, SECRET, add_event, add_photo, add_report, publish_now
from tests.support.statements import statements_that_raise
from web_public import open_data as open_data_page
from web_public.app import create_app

pytestmark = pytest.mark.usefixtures("database", "storage")

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FILES = tuple(
    f"/open-data/{file}" for file in ("reports.csv", "reports.json", "reports.geojson", "statistics.csv")
)
EVERYTHING = (*FILES, "/feeds/reports.atom")


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(), headers={"accept-language": "ja"})


def published(**changes) -> Report:
    with transaction() as session:
        report = add_report(session, **changes)
    publish_now(report.id)
    return report


def a_repaired_lamp() -> Report:
    with transaction() as session:
        report = add_report(session, closed_at=MONDAY + timedelta(days=3), expected_on=date(2026, 11, 20))
        add_photo(session, report)
        add_photo(session, report, role=PhotoRole.AFTER, position=1)
        add_event(session, report, "resolve", to=Status.RESOLVED, note="取り替えました。")
    publish_now(report.id)
    return report


def hours_pass(hours: int) -> None:
    """Since anything that is published has changed."""
    with transaction() as session:
        session.execute(
            text("UPDATE published.revision SET changed_at = changed_at - make_interval(hours => :hours)"),
            {"hours": hours},
        )


def sent(client: TestClient, path: str, encoding: str) -> tuple[dict[str, str], bytes]:
    """Headers, and the bytes as they went over the line."""
    with client.stream("GET", path, headers={"accept-encoding": encoding}) as answer:
        assert answer.status_code == 200
        return dict(answer.headers), b"".join(answer.iter_raw())


def rows(client: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/open-data/reports.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_csv_is_written_in_one_way_and_opens_in_a_spreadsheet(client: TestClient) -> None:
    report = a_repaired_lamp()
    answer = client.get("/open-data/reports.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = rows(client)
    assert list(row) == ["url", *FIELDS]
    expected = {
        "number": report.number,
        "category": "lamp.out",
        "status": "resolved",
        "status_name": "対応済",
        "town": "豊玉北六丁目",
        "received_at": "2026-11-16T09:30:00+09:00",
        "closed_at": "2026-11-19T09:30:00+09:00",
        "expected_on": "2026-11-20",
        "days_to_close": "3",
        "latitude": "35.7357",
        "is_deed": "false",
        "municipality_code": "131202",
    }
    assert {name: row[name] for name in expected} == expected
    assert row["photos_after"].startswith("http://localhost:8000/media/")


def test_json_and_geojson_say_the_same(client: TestClient) -> None:
    report = a_repaired_lamp()
    near_home = published(hides_point=True)
    found = client.get("/open-data/reports.json").json()
    assert found["license"].endswith("/by/4.0/")
    assert {each["number"] for each in found["reports"]} == {report.number, near_home.number}
    features = client.get("/open-data/reports.geojson").json()["features"]
    points = {each["id"]: each["geometry"] for each in features}
    assert points[report.number] == {"type": "Point", "coordinates": [139.6523, 35.7357]}
    assert points[near_home.number] is None
    lamp = next(each for each in found["reports"] if each["number"] == report.number)
    assert lamp["url"] == f"http://localhost:8000/reports/{report.number}"
    assert isinstance(lamp["photos_before"], list)


def test_no_spreadsheet_runs_what_somebody_has_written(client: TestClient) -> None:
    signs = "=+-@＝＋－＠"
    for sign in signs:
        published(public_text=f"{sign}SUM(A1)")
    assert {row["words"][:2] for row in rows(client)} == {f"'{sign}" for sign in signs}


def test_one_record_is_one_line_whoever_counts_them(client: TestClient) -> None:
    ends = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
    for end in ends:
        published(public_text=f"穴が{end}あります")
    published(public_text="\u2028=SUM(A1)")
    assert {row["words"] for row in rows(client)} <= {" =SUM(A1)", "穴が あります", "穴があります"}
    whole = client.get("/open-data/reports.csv").content.decode("utf-8-sig")
    assert len(whole.splitlines()) == len(whole.split("\r\n")) - 1 == 1 + len(ends) + 1
    assert open_data_page._cell("穴が\0あります") == "穴が あります"


def test_nothing_that_is_not_public_is_given_away(client: TestClient) -> None:
    a_repaired_lamp()
    hidden = published()
    with transaction() as session:
        session.get_one(Report, hidden.id).visibility = Visibility.HIDDEN
    for form in ("csv", "json", "geojson"):
        text = client.get(f"/open-data/reports.{form}").text
        assert hidden.number not in text
        assert SECRET not in text


def test_everything_comes_in_parts_and_nothing_twice(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_data, "BATCH", 3)
    for minute in range(7):
        published(received_at=MONDAY + timedelta(minutes=minute // 2))
    numbers = [row["number"] for row in rows(client)]
    assert len(numbers) == len(set(numbers)) == 7
    assert len(json.loads(client.get("/open-data/reports.json").content)["reports"]) == 7


def test_a_part_can_be_asked_for(client: TestClient) -> None:
    published(town="旭丘一丁目")
    lamp = published()
    for query in (
        "?town=豊玉北六丁目",
        "?town=豊玉北六丁目&category=lamp.out&since=2026-11-16&until=2026-11-16",
        "?q=豊玉北",
    ):
        assert [row["number"] for row in rows(client, query)] == [lamp.number]


def test_a_top_category_finds_by_its_kinds_and_each_says_its_top_one(client: TestClient) -> None:
    published()
    (row,) = rows(client, "?category=road")
    assert (row["category"], row["kind"]) == ("lamp.out", "road")


def test_a_tab_between_words_is_a_space(client: TestClient) -> None:
    published(public_text="街路灯\t2本")
    assert rows(client)[0]["words"] == "街路灯 2本"
    assert client.get("/open-data/reports.json").json()["reports"][0]["words"] == "街路灯 2本"
    assert "街路灯 2本" in client.get("/feeds/reports.atom").text


@pytest.mark.parametrize("path", EVERYTHING)
def test_who_has_it_already_is_told_so(client: TestClient, path: str) -> None:
    a_repaired_lamp()
    hours_pass(2)
    first = client.get(path)
    for headers in (
        {"if-none-match": first.headers["etag"]},
        {"if-none-match": first.headers["etag"], "accept-encoding": "identity"},
        {"if-modified-since": first.headers["last-modified"]},
    ):
        again = client.get(path, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["vary"] == first.headers["vary"]
        assert "content-encoding" not in again.headers
    assert client.head(path).headers["etag"] == first.headers["etag"]
    assert first.headers["link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    published()
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 200


def test_who_asks_by_date_hears_of_a_new_phone_number_too(client: TestClient) -> None:
    published()
    hours_pass(2)
    before = client.get("/open-data/reports.csv").headers["last-modified"]
    with transaction() as session:
        session.execute(text("UPDATE published.office SET contact = contact"))
    hours_pass(1)
    again = client.get("/open-data/reports.csv", headers={"if-modified-since": before})
    assert again.status_code == 200
    assert parsedate_to_datetime(again.headers["last-modified"]) > parsedate_to_datetime(before)


def test_a_change_of_this_second_has_no_date_yet_since_another_may_follow(client: TestClient) -> None:
    published()
    answer = client.get(
        "/open-data/reports.csv", headers={"if-modified-since": "Fri, 31 Dec 2999 00:00:00 GMT"}
    )
    assert answer.status_code == 200
    assert "last-modified" not in answer.headers


def test_the_date_never_goes_back_even_if_the_clock_does(client: TestClient) -> None:
    published()
    hours_pass(-2)
    published()
    with transaction() as session:
        is_later = text("SELECT changed_at > now() + interval '1 hour' FROM published.revision")
        assert session.execute(is_later).scalar_one()


@pytest.mark.parametrize(
    "held",
    [
        "Fri, 27 Nov 2026 11:17:02 +99999999999999",
        "Fri, 27 Nov 99999999999999999999 11:17:02 GMT",
        "Fri, 27 Nov 2026 11:17:02 -0000",
        "yesterday",
    ],
)
def test_what_is_no_date_is_as_if_it_were_not_there(client: TestClient, held: str) -> None:
    published()
    hours_pass(1)
    assert client.get("/open-data/reports.csv", headers={"if-modified-since": held}).status_code == 200


@pytest.mark.parametrize("path", EVERYTHING)
def test_it_comes_packed_to_whoever_can_unpack(client: TestClient, path: str) -> None:
    for number in range(20):
        published(public_text=f"街路灯が消えています。{number}")
    headers, plain = sent(client, path, "identity")
    assert "content-encoding" not in headers
    packed_headers, packed = sent(client, path, "br, gzip;q=0.5")
    assert packed_headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    assert packed_headers["etag"] == headers["etag"]
    assert packed_headers["etag"].startswith('W/"')  # one tag for both, which are not the same bytes
    for each in (headers, packed_headers):
        assert "Accept-Encoding" in each["vary"]
    assert sent(client, path, "gzip;q=0, identity")[1] == plain


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("path", EVERYTHING)
def test_who_only_asks_how_long_it_is_hears_it(client: TestClient, path: str, encoding: str) -> None:
    a_repaired_lamp()
    headers, body = sent(client, path, encoding)
    head = client.head(path, headers={"accept-encoding": encoding})
    assert int(head.headers["content-length"]) == len(body) > 0
    for name in ("content-type", "etag", "vary"):
        assert head.headers[name] == headers[name]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((path, 200) for path in EVERYTHING),
        *((f"{path}?surprise=1", 400) for path in EVERYTHING),
        ("/open-data/nothing", 404),
        ("/feeds/nothing.atom", 404),
    ],
)
def test_programs_of_others_may_read_it_in_browsers_and_errors_too(
    client: TestClient, path: str, status: int
) -> None:
    for headers in ({}, {"origin": "https://example.jp"}):
        answer = client.get(path, headers=headers)
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "ETag" in answer.headers["access-control-expose-headers"]
        assert "Origin" not in answer.headers.get("vary", "")
    wish = {
        "origin": "https://example.jp",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }
    asked = client.options(path, headers=wish)
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "If-None-Match" in asked.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in client.get("/open-data").headers


def test_a_fault_of_ours_is_readable_to_them_too() -> None:
    client = TestClient(create_app(), raise_server_exceptions=False)
    with statements_that_raise(RuntimeError("a fault of ours")):
        answer = client.get("/open-data/reports.csv")
    assert answer.status_code == 500
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mistyped_or_repeated_parameter_is_refused_by_its_name(client: TestClient, lang: str) -> None:
    for path, field, code in (
        *((f"{path}?catgory=road", "catgory", "parameter_unknown") for path in EVERYTHING),
        ("/open-data/reports.csv?limit=5", "limit", "parameter_unknown"),
        ("/open-data/reports.json?lang=tlh", "lang", "language_unknown"),
        ("/open-data/reports.csv?status=after&status=during", "status", "parameter_repeated"),
        ("/feeds/reports.atom?lang=en&lang=ko", "lang", "parameter_repeated"),
        ("/feeds/reports.atom?lang=tlh", "lang", "language_unknown"),
        ("/feeds/reports.atom?status=x", "status", "filter_invalid"),
        ("/open-data/reports.csv?town=nowhere", "town", "filter_invalid"),
    ):
        problem = client.get(path, headers={"accept-language": lang})
        assert problem.status_code == 400, path
        (fault,) = problem.json()["errors"]
        assert (fault["field"], fault["code"]) == (field, code)
        assert fault["detail"]


def test_a_language_may_stand_in_every_address(client: TestClient) -> None:
    for path in EVERYTHING:
        assert client.get(f"{path}?lang=en").status_code == 200


def test_pages_for_people_overlook_what_others_add_to_their_address(client: TestClient) -> None:
    for path in ("/reports", "/open-data"):
        assert client.get(f"{path}?utm_source=mail&utm_source=post").status_code == 200


def test_bad_questions_are_answered_for_programs(client: TestClient) -> None:
    for path, field in (
        ("/open-data/reports.csv?category=A%20B", "category"),
        ("/open-data/reports.geojson?bbox=1,2", "bbox"),
        ("/open-data/reports.json?since=yesterday", "since"),
        ("/feeds/reports.atom?status=x", "status"),
    ):
        answer = client.get(path, headers={"accept-language": "ko"})
        assert answer.status_code == 400, path
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["detail"].startswith("이 조건으로는 보여 드릴 수 없습니다. ")
        assert {each["field"] for each in problem["errors"]} == {field}
    assert client.get("/open-data/reports.xlsx").status_code == 404


def test_names_and_phones_are_written_in_one_way() -> None:
    assert one_way(" ｶｰﾌﾞﾐﾗｰ１２ ") == "カーブミラー12"
    for typed in (
        "０３−００００ー０００１",
        "03(0000)0001",
        "03 0000 0001",
        "03.0000.0001",
        "0300000001",
        "+81-3-0000-0001",
    ):
        assert phone(typed) == "03-0000-0001", typed
    assert phone("0120000101") == "0120-000-101"


def test_what_is_no_single_phone_number_stays_as_it_was_typed() -> None:
    for typed in (
        "110",
        "#7119",
        "03-0000-0001(内線12)",
        "03-0000-0001 ext 12",
        "平日のみ",
        "+1 212 555 0100",
    ):
        assert phone(typed) == typed
    assert phone(None) is None


def test_the_feed_tells_what_changed_last(client: TestClient) -> None:
    report = a_repaired_lamp()
    published(town="旭丘一丁目")
    answer = client.get("/feeds/reports.atom?town=豊玉北六丁目")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{report.id}"
    assert "対応済" in (entry.findtext(f"{ATOM}title") or "")
    for parent, names in ((feed, ("id", "title", "updated", "author")), (entry, ("id", "title", "updated"))):
        assert all(parent.find(f"{ATOM}{name}") is not None for name in names)
    links = [link.get("href", "") for link in entry.findall(f"{ATOM}link")]
    assert f"http://localhost:8000/reports/{report.number}" in links
    seen = client.get(
        "/feeds/reports.atom?town=豊玉北六丁目", headers={"if-none-match": answer.headers["etag"]}
    )
    assert seen.status_code == 304


def test_a_feed_without_entries_is_still_one(client: TestClient) -> None:
    feed = ET.fromstring(client.get("/feeds/reports.atom?lang=en").content)
    assert feed.findtext(f"{ATOM}updated")
    assert feed.findall(f"{ATOM}entry") == []


def test_words_in_a_feed_say_that_they_are_japanese(client: TestClient) -> None:
    published()
    summaries = {
        lang: ET.fromstring(client.get(f"/feeds/reports.atom?lang={lang}").content).find(
            f"{ATOM}entry/{ATOM}summary"
        )
        for lang in ("ja", "en", "zh-Hans")
    }
    assert {lang: each.get(XML_LANG) for lang, each in summaries.items() if each is not None} == {
        "ja": None,
        "en": "ja",
        "zh-Hans": "ja",
    }


def test_a_feed_of_a_part_says_of_which(client: TestClient) -> None:
    published()

    def title(query: str) -> str:
        return (
            ET.fromstring(client.get(f"/feeds/reports.atom?lang=en{query}").content).findtext(f"{ATOM}title")
            or ""
        )

    whole = title("")
    part = title("&town=豊玉北六丁目&category=road&status=before&department=lamps&since=2026-11-01&q=街路灯")
    assert part.startswith(f"{whole}: 豊玉北六丁目 / ")
    assert len(part.split(" / ")) == 6
    assert "Street lamps" in part.split(" / ")


def test_the_list_leads_to_the_feed_of_the_same_part(client: TestClient) -> None:
    published()
    page = client.get("/reports?town=豊玉北六丁目&status=before&sort=oldest&which=open&lang=en").text
    head = page.partition("</head>")[0]
    link = unescape(head.partition('type="application/atom+xml" href="')[2].partition('"')[0])
    feed = client.get(link)
    assert feed.status_code == 200
    assert "豊玉北六丁目" in feed.text
    assert feed.headers["content-language"] == "en"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_what_each_field_means(client: TestClient, lang: str) -> None:
    page = client.get(f"/open-data?lang={lang}").text
    assert all(f"<code>{field}</code>" in page for field in (*FIELDS, *COLUMNS))


def test_the_example_on_the_page_can_be_pasted(client: TestClient) -> None:
    page = client.get("/open-data").text
    example = unescape(page.partition("<code>")[2].partition("</code>")[0])
    assert example.isascii()
    assert "town=%" in example
    assert client.get(example).status_code == 200
