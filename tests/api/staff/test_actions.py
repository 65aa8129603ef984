"""Acting through the API: on what one has seen, once, and by who may."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from nerirepo.base.ids import uuid7
from nerirepo.staff.roles import Role
from tests.factories import Person, a_member, a_reporter, send_photo, send_report


@pytest.fixture
def report(client: TestClient) -> dict[str, Any]:
    return send_report(client, a_reporter()).json()["report"]


def send(
    client: TestClient,
    member: Person,
    report: dict[str, Any],
    action: str,
    *,
    if_match: str | None = '"1"',
    **fields: Any,
) -> Any:
    headers = member.headers | ({"If-Match": if_match} if if_match is not None else {})
    body = {"action_id": str(uuid7()), "action": action} | fields
    return client.post(f"/staff/reports/{report['id']}/actions", headers=headers, json=body)


def test_an_accepted_action_answers_the_new_state_and_its_etag(
    client: TestClient, report: dict[str, Any]
) -> None:
    answer = send(client, a_member(), report, "accept", public_text="穴があります。")
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"2"'
    seen = answer.json()["report"]
    assert (seen["status"], seen["visibility"], seen["version"]) == ("checking", "public", 2)
    assert [event["kind"] for event in seen["timeline"]] == ["submit", "accept"]


def test_without_saying_what_one_has_seen_nothing_is_done(client: TestClient, report: dict[str, Any]) -> None:
    answer = send(client, a_member(), report, "accept", if_match=None)
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


@pytest.mark.parametrize("if_match", ["1", "*", '"x"', '"99999999999"', ""])
def test_an_if_match_that_is_no_etag_of_ours_is_refused(
    client: TestClient, report: dict[str, Any], if_match: str
) -> None:
    answer = send(client, a_member(), report, "accept", if_match=if_match)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_proxys_weak_etag_is_taken(client: TestClient, report: dict[str, Any]) -> None:
    assert send(client, a_member(), report, "accept", if_match='W/"1"').status_code == 200


def test_who_acts_on_what_has_changed_is_shown_how_it_stands_now(
    client: TestClient, report: dict[str, Any]
) -> None:
    send(client, a_member(), report, "accept")
    answer = send(client, a_member(), report, "start")
    assert (answer.status_code, answer.json()["code"]) == (412, "report_changed")
    assert (answer.json()["version"], answer.json()["report_status"]) == (2, "checking")
    assert answer.headers["etag"] == '"2"'
    assert answer.json()["report"]["timeline"][-1]["kind"] == "accept"


def test_two_members_at_once_one_wins_and_one_reads_again(client: TestClient, report: dict[str, Any]) -> None:
    members = [a_member(), a_member()]
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda member: send(client, member, report, "accept"), members))
    assert sorted(answer.status_code for answer in answers) == [200, 412]


def test_the_same_action_again_is_answered_alike_and_done_once(
    client: TestClient, report: dict[str, Any]
) -> None:
    desk, action_id = a_member(), str(uuid7())
    first = send(client, desk, report, "accept", action_id=action_id)
    again = send(client, desk, report, "accept", action_id=action_id)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.headers["etag"] == again.headers["etag"]


def test_the_same_id_for_another_action_is_a_conflict(client: TestClient, report: dict[str, Any]) -> None:
    desk, action_id = a_member(), str(uuid7())
    send(client, desk, report, "accept", action_id=action_id)
    answer = send(client, desk, report, "start", action_id=action_id, if_match='"2"')
    assert (answer.status_code, answer.json()["code"]) == (409, "action_id_taken")


def test_a_refused_action_may_be_sent_again_under_its_id(client: TestClient, report: dict[str, Any]) -> None:
    desk, action_id = a_member(), str(uuid7())
    send(client, a_member(), report, "accept")
    assert send(client, desk, report, "start", action_id=action_id).status_code == 412
    assert send(client, desk, report, "start", action_id=action_id, if_match='"2"').status_code == 200


def test_a_crew_repairs_and_shows_it(client: TestClient, report: dict[str, Any]) -> None:
    crew = a_member(Role.FIELD, "roads")
    photo_id = send_photo(client, crew, door="/staff")
    answer = send(client, crew, report, "resolve", public_note="穴をふさぎました。", photo_ids=[photo_id])
    assert answer.status_code == 200, answer.text
    seen = answer.json()["report"]
    assert (seen["status"], seen["visibility"]) == ("resolved", "pending")
    assert [(each["role"], each["is_cleared"]) for each in seen["photos"]] == [("after", True)]


def test_a_photo_whose_bytes_have_not_come_is_waited_for(client: TestClient, report: dict[str, Any]) -> None:
    crew, photo_id = a_member(Role.FIELD, "roads"), str(uuid7())
    announcement = {"sha256": "0" * 64, "bytes": 10, "content_type": "image/jpeg"}
    client.put(f"/staff/photos/{photo_id}", headers=crew.headers, json=announcement)
    answer = send(client, crew, report, "resolve", public_note="直しました。", photo_ids=[photo_id])
    assert (answer.status_code, answer.json()["code"]) == (409, "photo_not_received")
    assert answer.json()["retryable"] is True


def test_a_closure_without_evidence_is_refused_field_by_field(
    client: TestClient, report: dict[str, Any]
) -> None:
    answer = send(client, a_member(), report, "resolve")
    assert (answer.status_code, answer.json()["code"]) == (422, "evidence_missing")
    assert [fault["field"] for fault in answer.json()["errors"]] == ["public_note", "photo_ids"]


def test_a_crew_that_sends_a_report_away_is_told_so_and_sees_it_no_more(
    client: TestClient, report: dict[str, Any]
) -> None:
    crew = a_member(Role.FIELD, "roads")
    answer = send(client, crew, report, "reassign", department="desk")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["report"], answer.headers["etag"]) == (None, '"2"')


@pytest.mark.parametrize(
    ("role", "department", "action", "code"),
    [
        (Role.FIELD, "roads", "accept", "action_not_allowed"),
        (Role.FIELD, "roads", "publish", "action_not_allowed"),
        (Role.FIELD, "parks", "start", "not_your_report"),
        (Role.DESK, "desk", "withdraw", "action_not_allowed"),
        (Role.ADMIN, "desk", "accept", "not_allowed"),
    ],
)
def test_who_may_not_is_refused(
    client: TestClient, report: dict[str, Any], role: Role, department: str, action: str, code: str
) -> None:
    answer = send(client, a_member(role, department), report, action)
    assert (answer.status_code, answer.json()["code"]) == (403, code)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "accept"},
        {"action_id": "x", "action": "accept"},
        {"action_id": "a1b2c3d4-0000-4000-8000-000000000000", "action": "accept"},
        {"action_id": str(uuid7()), "action": "explode"},
        {"action_id": str(uuid7()), "action": "accept", "colour": "red"},
        {"action_id": str(uuid7()), "action": "note", "internal_note": "\u0000\u200b"},
        {"action_id": str(uuid7()), "action": "note", "internal_note": 1},
        {"action_id": str(uuid7()), "action": "note", "internal_note": "が" + "\u3099" * 5000},
        {"action_id": str(uuid7()), "action": "start", "expected_on": 20000},
        {"action_id": str(uuid7()), "action": "start", "expected_on": "2999-01-01"},
        {"action_id": str(uuid7()), "action": "resolve", "photo_ids": "x"},
        [],
        "x",
        None,
    ],
)
def test_nonsense_is_a_problem_and_changes_nothing(
    client: TestClient, report: dict[str, Any], body: Any
) -> None:
    desk = a_member()
    headers = desk.headers | {"If-Match": '"1"'}
    answer = client.post(f"/staff/reports/{report['id']}/actions", headers=headers, json=body)
    assert answer.status_code == 422, answer.text
    assert client.get(f"/staff/reports/{report['id']}", headers=desk.headers).headers["etag"] == '"1"'
