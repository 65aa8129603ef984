"""What staff read of the worklist through the API."""

import pytest
from fastapi.testclient import TestClient

from tests.factories import a_member, a_reporter, send_report


def test_the_desk_finds_a_new_report_in_the_worklist(client: TestClient) -> None:
    report = send_report(client, a_reporter()).json()["report"]
    answer = client.get(
        "/staff/reports?status=received,checking&status=in_progress&near=35.7356,139.6522,500&sort=distance",
        headers=a_member().headers,
    )
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["items"]
    assert item["number"] == report["number"]
    assert item["department"]["code"] == "roads"
    assert item["distance_m"] == 0
    assert answer.json()["next_cursor"] is None


@pytest.mark.parametrize(
    "query",
    [
        "status=open",
        "assignee=you",
        "near=35.7",
        "near=35.7,139.6,-1",
        "near=nan,139",
        "near=1e400,1",
        "limit=0",
        "limit=101",
        "sort=best",
        "sort=distance",
        "cursor=x",
        "q=" + "x" * 101,
    ],
)
def test_a_question_that_makes_no_sense_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/staff/reports?{query}", headers=a_member().headers)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
