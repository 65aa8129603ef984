"""Apps of every age: what is about to end is said in time, and what an old app holds is still taken."""

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.mobile.levels import LEVEL, Deprecation, Level, Levels, minimum_level
from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from operate.serving.front import create_api
from tests.api.mobile.test_photos import announcement
from tests.factories import a_jpeg, a_reporter, a_submission
from tests.support import published_contract
from web_residents.failure import failure

DAY = timedelta(days=1)


def app(levels: tuple[Level, ...] = (Level(1),), deprecated: tuple[Deprecation, ...] = ()) -> TestClient:
    client = TestClient(Levels(create_api(), levels, deprecated), base_url="http://localhost:8000")
    client.event_hooks["response"].append(published_contract.check)
    return client


def ended(days_ago: int) -> tuple[Level, ...]:
    today = clock.today_in_japan()
    return Level(1, today - 400 * DAY, today - days_ago * DAY), Level(2)


def of_level(number: object, **more: str) -> dict[str, str]:
    return {"Contract-Level": str(number), **more}


def test_an_app_whose_level_has_ended_is_told_so_and_newer_ones_are_served(client: TestClient) -> None:
    old = app(ended(days_ago=0))
    answer = old.get("/v1/categories", headers=of_level(1))
    assert (answer.status_code, answer.json()["code"]) == (426, "app_too_old")
    for level in (2, 3):
        assert old.get("/v1/categories", headers=of_level(level)).status_code == 200
    assert old.get("/v1/categories").status_code == 200, "a browser says nothing"
    assert app(ended(days_ago=-1)).get("/v1/categories", headers=of_level(1)).status_code == 200


def test_it_can_still_read_what_the_minimum_is(client: TestClient) -> None:
    service = app(ended(days_ago=500)).get("/v1/service", headers=of_level(1))
    assert service.json()["contract_level"] == LEVEL


@pytest.mark.parametrize("language", ["ja", "en"])
def test_in_a_browser_the_old_app_shows_a_page_to_read(client: TestClient, language: str) -> None:
    headers = of_level(1, Accept="text/html", **{"Accept-Language": language})
    old = TestClient(
        Levels(create_api(), ended(days_ago=0), page_of=failure), base_url="http://localhost:8000"
    )
    page = old.get("/v1/categories", headers=headers)
    assert (page.status_code, page.headers["content-type"]) == (426, "text/html; charset=utf-8")
    assert f'lang="{language}"' in page.text
    assert "error." not in page.text


@pytest.mark.parametrize(("days_ago", "is_taken"), [(0, True), (364, True), (365, False)])
def test_what_waits_in_an_old_apps_queue_is_taken_for_a_year(
    client: TestClient, days_ago: int, is_taken: bool
) -> None:
    hanako, photo_id, content = a_reporter(), uuid7(), a_jpeg()
    phone = app(ended(days_ago))
    headers = hanako.headers | of_level(1)

    def put(path: str, **more: Any) -> Any:
        return phone.put(path, headers=headers, **more)

    announced = put(f"/v1/photos/{photo_id}", json=announcement(content))
    if not is_taken:
        assert announced.status_code == 426
        assert put(f"/v1/reports/{uuid7()}", json=a_submission()).status_code == 426
        return
    upload = announced.json()["upload"]
    sent = phone.put(upload["url"], headers=upload["headers"] | of_level(1), content=content)
    assert sent.status_code == 200
    report_id = uuid7()
    assert put(f"/v1/reports/{report_id}", json=a_submission(photo_ids=[str(photo_id)])).status_code == 201
    assert phone.get(f"/v1/reports/{report_id}", headers=headers).status_code == 426


def test_what_is_about_to_end_says_since_when_and_until_when(client: TestClient) -> None:
    warned = app(
        (Level(1, date(2030, 4, 1), date(2031, 4, 1)), Level(2)),
        (Deprecation("GET", "/v1/reports/{report_id}", date(2029, 4, 1), date(2030, 10, 1)),),
    )
    of_app = warned.get("/v1/service", headers=of_level(1)).headers
    assert of_app["deprecation"] == "@1901199600"  # 2030-04-01 in Japan
    assert of_app["sunset"] == "Mon, 31 Mar 2031 15:00:00 GMT"
    of_route = warned.get("/v1/reports/NR-2030-000001").headers
    assert of_route["sunset"] == "Mon, 30 Sep 2030 15:00:00 GMT"
    of_both = warned.get("/v1/reports/NR-2030-000001", headers=of_level(1)).headers
    assert of_both["sunset"] == of_route["sunset"], "whichever comes first"
    for headers in (
        warned.get("/v1/service", headers=of_level(2)).headers,
        warned.put(f"/v1/reports/{uuid7()}", json={}).headers,
    ):
        assert "sunset" not in headers
        assert "deprecation" not in headers


def test_nothing_is_about_to_end_today(client: TestClient) -> None:
    assert "deprecation" not in client.get("/v1/service", headers=of_level(LEVEL)).headers


def test_the_minimum_is_the_oldest_level_that_has_not_ended() -> None:
    levels = (Level(1, None, date(2030, 1, 1)), Level(2, None, date(2031, 1, 1)), Level(3))
    days = (date(2029, 12, 31), date(2030, 1, 1), date(2031, 1, 1))
    assert [minimum_level(day, levels) for day in days] == [1, 2, 3]


@pytest.mark.parametrize("said", ["new", "0", "-1", "1.5"])
def test_a_level_that_is_none_is_a_fault_of_the_app(client: TestClient, said: str) -> None:
    answer = client.get("/v1/service", headers=of_level(said))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == "Contract-Level"
