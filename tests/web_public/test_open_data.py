import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from nerirepo.db import transaction
from nerirepo.publication.read import FIELDS, open_data
from nerirepo.publication.read.open_data import one_way, phone
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import PhotoRole, Report
from tests.public_reports import MONDAY, SECRET, add_event, add_photo, add_report, publish_now
from web_public.app import create_app

pytestmark = pytest.mark.usefixtures("database", "storage")

ATOM = "{http://www.w3.org/2005/Atom}"


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
    for words in ("=1+1", "+81", "-1", "@SUM(A1)"):
        published(public_text=words)
    assert {row["words"][:2] for row in rows(client)} == {"'=", "'+", "'-", "'@"}


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


def test_who_has_it_already_is_told_so(client: TestClient) -> None:
    a_repaired_lamp()
    first = client.get("/open-data/reports.csv")
    for headers in (
        {"if-none-match": first.headers["etag"]},
        {"if-modified-since": first.headers["last-modified"]},
    ):
        assert client.get("/open-data/reports.csv", headers=headers).status_code == 304
    assert client.head("/open-data/reports.csv").headers["etag"] == first.headers["etag"]
    published()
    again = client.get("/open-data/reports.csv", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 200


def test_bad_questions_are_answered_for_programs(client: TestClient) -> None:
    for path in (
        "/open-data/reports.csv?category=A%20B",
        "/open-data/reports.geojson?bbox=1,2",
        "/open-data/reports.json?since=yesterday",
        "/feeds/reports.atom?status=x",
    ):
        answer = client.get(path, headers={"accept-language": "ko"})
        assert answer.status_code == 400, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"].startswith("이 조건으로는")
    assert client.get("/open-data/reports.xlsx").status_code == 404


def test_names_and_phones_are_written_in_one_way() -> None:
    assert one_way(" ｶｰﾌﾞﾐﾗｰ１２ ") == "カーブミラー12"
    assert phone("０３−００００ー０００１") == "03-0000-0001"


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


def test_the_page_says_what_each_field_means(client: TestClient) -> None:
    page = client.get("/open-data").text
    assert all(f"<code>{field}</code>" in page for field in FIELDS)
