from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from nerirepo.database.db import transaction
from nerirepo.reports.status import Status
from nerirepo.reports.tables import PhotoRole, Report
from tests.factories.public_reports import MONDAY, add_event, add_photo, add_report, publish_now
from web_public.app import create_app

pytestmark = pytest.mark.usefixtures("database", "storage")


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(), headers={"accept-language": "ja"})


def fixed(*, is_glad: bool, has_after: bool = True, **changes: Any) -> Report:
    with transaction() as session:
        report = add_report(
            session,
            closed_at=MONDAY + timedelta(days=3),
            confirmed_fixed_at=MONDAY + timedelta(days=4) if is_glad else None,
            **changes,
        )
        add_photo(session, report)
        if has_after:
            add_photo(session, report, role=PhotoRole.AFTER, position=1)
        add_event(session, report, "resolve", to=Status.RESOLVED)
    publish_now(report.id)
    return report


def test_what_reporters_are_glad_of_is_shown_first_with_both_pictures(client: TestClient) -> None:
    glad, silent, unseen = (
        fixed(is_glad=True),
        fixed(is_glad=False),
        fixed(is_glad=True, has_after=False),
    )
    page = client.get("/improvements").text
    assert f"/reports/{glad.number}" in page
    assert f"/reports/{silent.number}" not in page
    assert f"/reports/{unseen.number}" not in page
    assert page.count("<figure>") == 2
    assert f"/reports/{silent.number}" in client.get("/improvements?show=all").text


def test_what_the_desk_has_chosen_stands_beside_them_and_says_so(client: TestClient) -> None:
    chosen, silent = fixed(is_glad=False, is_featured=True), fixed(is_glad=False)
    page = client.get("/improvements").text
    assert f"/reports/{chosen.number}" in page
    assert f"/reports/{silent.number}" not in page
    assert page.count("区が選んだ例です。") == 1
    records = {each["number"]: each for each in client.get("/open-data/reports.json").json()["reports"]}
    assert (records[chosen.number]["is_featured"], records[silent.number]["is_featured"]) == (True, False)


def test_one_page_follows_the_other(client: TestClient) -> None:
    reports = {fixed(is_glad=True).number for _ in range(13)}
    first = client.get("/improvements").text
    cursor = first.partition("cursor=")[2].partition('"')[0]
    second = client.get(f"/improvements?cursor={cursor}").text
    shown = {number for number in reports if number in first} ^ {n for n in reports if n in second}
    assert shown == reports


def test_good_deeds_have_a_page_of_their_own(client: TestClient) -> None:
    with transaction() as session:
        deed = add_report(session, category_code="deed.cleanup", is_deed=True, status=Status.THANKED)
    publish_now(deed.id)
    lamp = fixed(is_glad=False)
    page = client.get("/deeds").text
    assert deed.number in page
    assert lamp.number not in page


def test_a_place_in_the_list_that_makes_no_sense_is_a_friendly_400(client: TestClient) -> None:
    for path in ("/improvements?cursor=x", "/deeds?cursor=%00"):
        assert client.get(path).status_code == 400
