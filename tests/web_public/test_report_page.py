import io
import json
import re
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from nerirepo.base.ids import uuid7
from nerirepo.database.db import transaction
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import Feedback, PhotoRole, Report
from tests.factories.public_reports import MONDAY, SECRET, add_photo, add_report, publish_now
from web_public.app import create_app

pytestmark = pytest.mark.usefixtures("database", "storage")


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(), headers={"accept-language": "ja"})


def repaired(days: int = 3, *, photos: bool = False, **changes: object) -> Report:
    closed = {"status": Status.RESOLVED, "closed_at": MONDAY + timedelta(days=days)}
    with transaction() as session:
        report = add_report(session, **closed | changes)
        if photos:
            add_photo(session, report, colour=(80, 90, 120))
            add_photo(session, report, role=PhotoRole.AFTER, position=1, colour=(250, 220, 140))
    publish_now(report.id)
    return report


def test_how_long_it_took_stands_beside_what_is_usual_for_its_kind(client: TestClient) -> None:
    for days in (1, 2, 4, 8, 30):
        repaired(days)
    repaired(400, category_code="graffiti")
    report = repaired(3)
    page = client.get(f"/reports/{report.number}").text
    assert "半分が4日以内" in page
    assert "（8割）が8日以内" in page


def test_of_a_kind_that_was_seldom_repaired_nothing_is_called_usual(client: TestClient) -> None:
    report = repaired(3)
    assert "この種類は" not in client.get(f"/reports/{report.number}").text


def test_everyone_who_is_glad_is_counted_and_nobody_named(client: TestClient) -> None:
    report = repaired()
    with transaction() as session:
        before, after = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
        said = ((True, after), (True, after), (False, after), (True, before))
        for number, (is_fixed, at) in enumerate(said):
            reporter = Reporter(
                id=uuid7(), email=f"{number}@example.jp", created_at=MONDAY, last_seen_at=MONDAY
            )
            session.add(reporter)
            session.flush()
            session.add(
                Feedback(
                    report_id=report.id,
                    reporter_id=reporter.id,
                    is_fixed=is_fixed,
                    comment=SECRET,
                    at=at,
                )
            )
    publish_now(report.id)
    page = client.get(f"/reports/{report.number}").text
    assert "「直ってよかった」 2人" in page
    assert SECRET not in page


def test_a_link_that_is_shared_brings_words_and_a_picture_without_anybody_in_it(client: TestClient) -> None:
    report = repaired(photos=True)
    page = client.get(f"/reports/{report.number}").text
    shared = dict(re.findall(r'<meta property="(og:[^"]+)" content="([^"]*)"', page))
    assert shared["og:title"] == "対応済: 街路灯が消えている 豊玉北六丁目"
    assert shared["og:url"].endswith(f"/reports/{report.number}")
    picture = client.get(f"/reports/{report.number}/card.jpg")
    assert picture.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(picture.content)) as card:
        assert card.size == (1200, 630)
        assert not card.getexif()
    again = client.get(
        f"/reports/{report.number}/card.jpg", headers={"if-none-match": picture.headers["etag"]}
    )
    assert again.status_code == 304


def test_without_a_photo_the_card_is_plain(client: TestClient) -> None:
    report = repaired()
    with Image.open(io.BytesIO(client.get(f"/reports/{report.number}/card.jpg").content)) as card:
        assert card.size == (1200, 630)


def test_the_card_is_gone_with_the_report_at_once(client: TestClient) -> None:
    report = repaired(photos=True)
    assert client.get(f"/reports/{report.number}/card.jpg").status_code == 200
    with transaction() as session:
        session.get_one(Report, report.id).visibility = Visibility.HIDDEN
    assert client.get(f"/reports/{report.number}/card.jpg").status_code == 410
    for unknown in ("NR-2026-999999", "x", "%00"):
        assert client.get(f"/reports/{unknown}/card.jpg").status_code == 404


def test_machines_read_what_it_is_about(client: TestClient) -> None:
    report = repaired(photos=True, public_text="</script><b>穴")
    page = client.get(f"/reports/{report.number}").text
    written = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert written
    told = json.loads(written[1])
    assert (told["@type"], told["reportNumber"]) == ("Report", report.number)
    assert told["contentLocation"]["geo"]["latitude"] == 35.7357
    assert told["abstract"] == "</script><b>穴"
    assert f'href="/v1/reports/{report.number}"' in page


def test_near_a_home_machines_learn_the_town_only(client: TestClient) -> None:
    report = repaired(hides_point=True)
    assert '"geo"' not in client.get(f"/reports/{report.number}").text


def test_a_report_is_read_from_the_database_once_for_each_state(client: TestClient) -> None:
    report = repaired()
    first = client.get(f"/reports/{report.number}")
    again = client.get(f"/reports/{report.number}")
    assert (again.text, again.headers["etag"]) == (first.text, first.headers["etag"])
    with transaction() as session:
        session.get_one(Report, report.id).public_text = "ほかのことば"
    publish_now(report.id)
    changed = client.get(f"/reports/{report.number}", headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert "ほかのことば" in changed.text


def test_the_keyboard_moves_the_edge_between_before_and_after(inspected: Page) -> None:
    report = repaired(photos=True)
    inspected.goto(f"/reports/{report.number}")
    edge = inspected.get_by_role("slider")
    edge.focus()
    inspected.keyboard.press("ArrowRight")
    expect(edge).to_have_value("51")
    inspected.keyboard.press("End")
    expect(edge).to_have_value("100")
    assert inspected.locator(".compare").evaluate("it => it.style.getPropertyValue('--edge')") == "100%"


def test_without_a_program_both_photos_stand_side_by_side_and_no_slider_is_promised(phone: Page) -> None:
    report = repaired(photos=True)
    phone.goto(f"/reports/{report.number}")
    expect(phone.locator(".photos img")).to_have_count(2)
    expect(phone.locator(".compare")).to_be_hidden()
