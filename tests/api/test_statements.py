"""How many questions a request asks of the database is exact, so it is asserted; seconds never are."""

import pytest
from fastapi.testclient import TestClient

from nerirepo.base.ids import uuid7
from tests.factories import WARD_OFFICE, Person, a_member, a_reporter, send_photo, send_report
from tests.support.statements import sent_statements


def statements_for(client: TestClient, path: str, headers: dict[str, str] | None = None) -> int:
    with sent_statements() as statements:
        answer = client.get(path, headers=headers)
    assert answer.status_code in (200, 304), answer.text
    return len(statements)


AT_MOST_FOR_A_REPORT = 13
"""With a photo, and with the job. Elsewhere the same takes 47."""


def test_a_report_is_taken_in_with_few_statements(client: TestClient) -> None:
    hanako = a_reporter()
    photo_id = send_photo(client, hanako)
    with sent_statements() as statements:
        assert send_report(client, hanako, photo_ids=[photo_id]).status_code == 201
    assert len(statements) <= AT_MOST_FOR_A_REPORT


def test_a_repeat_costs_less(client: TestClient) -> None:
    hanako, report_id = a_reporter(), uuid7()
    send_report(client, hanako, report_id)
    with sent_statements() as statements:
        send_report(client, hanako, report_id)
    assert len(statements) <= 4


@pytest.fixture
def hanako(client: TestClient) -> Person:
    """She has sent three reports, each with a photo."""
    hanako = a_reporter()
    for _ in range(3):
        assert send_report(client, hanako, photo_ids=[send_photo(client, hanako)]).status_code == 201
    return hanako


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_a_worklist_takes_two_however_long_it_is(client: TestClient, hanako: Person, limit: int) -> None:
    desk = a_member()
    assert statements_for(client, f"/staff/reports?limit={limit}", desk.headers) == 2


def test_a_report_is_shown_to_staff_with_few(client: TestClient, hanako: Person) -> None:
    desk = a_member()
    named = client.get("/staff/reports", headers=desk.headers).json()["items"][0]["id"]
    assert statements_for(client, f"/staff/reports/{named}", desk.headers) <= 8


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/v1/me/reports?limit=1", 2),
        ("/v1/me/reports?limit=100", 2),
        ("/v1/changes", 3),
        ("/v1/places/lookup?lat={lat}&lon={lon}&category=road.pothole".format(**WARD_OFFICE), 3),
    ],
)
def test_what_an_app_asks_often_takes_few(client: TestClient, hanako: Person, path: str, most: int) -> None:
    assert statements_for(client, path, hanako.headers) <= most


@pytest.mark.parametrize(
    ("path", "exactly"),
    [
        ("/v1/public/reports?limit=100&town=旭丘一丁目", 2),
        ("/v1/public/reports?limit=100&q=公園", 3),  # which categories are named so?
        ("/v1/public/tiles/14/14544/6446.mvt", 2),
        ("/v1/public/tiles/14/14544/6446.mvt?category=park", 3),  # is it a category?
    ],
)
def test_what_everyone_may_read_is_made_by_few_and_asked_for_by_who_holds_it_by_one(
    client: TestClient, path: str, exactly: int
) -> None:
    assert statements_for(client, path) == exactly
    known = {"If-None-Match": client.get(path).headers["ETag"]}
    assert statements_for(client, path, known) == 1
