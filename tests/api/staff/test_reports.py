"""What staff read of one report through the API, and contact data with a reason."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from nerirepo.base.ids import uuid7
from nerirepo.database.db import reading
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import ContactDisclosure
from tests.factories import Person, a_member, a_reporter, a_submission, send_photo, send_report, take_action


@pytest.fixture
def report(client: TestClient) -> dict[str, Any]:
    """A pothole with a photo, sent by Hanako; it has gone to the roads department."""
    hanako = a_reporter()
    photo_id = send_photo(client, hanako)
    return send_report(client, hanako, photo_ids=[photo_id]).json()["report"]


def read(client: TestClient, member: Person, report: dict[str, Any], by: str = "id") -> Any:
    return client.get(f"/staff/reports/{report[by]}", headers=member.headers)


def test_the_desk_reads_everything_but_who_it_was(client: TestClient, report: dict[str, Any]) -> None:
    answer = read(client, a_member(), report)
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"1"'
    seen = answer.json()
    assert seen["original"]["description"].startswith("道路に穴があいています。")
    assert seen["original"]["has_contact"] is True
    assert seen["routing_reason"]
    assert 0 < seen["routing_confidence"] <= 1
    assert [event["kind"] for event in seen["timeline"]] == ["submit"]
    assert [photo["state"] for photo in seen["photos"]] == ["received"]
    assert "accept" in [each["action"] for each in seen["actions"]]
    assert "hanako@example.jp" not in answer.text


def test_a_report_is_read_by_its_number_too(client: TestClient, report: dict[str, Any]) -> None:
    assert read(client, a_member(), report, by="number").json()["id"] == report["id"]


@pytest.mark.parametrize(
    "named", ["NR-2026-999999", "0193e4a0-0000-7000-8000-000000000000", "x", "%00", "あ"]
)
def test_an_unknown_report_is_not_found(client: TestClient, named: str) -> None:
    answer = client.get(f"/staff/reports/{named}", headers=a_member().headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "report_not_found")


def test_a_crew_reads_its_own_departments_reports_and_no_others(
    client: TestClient, report: dict[str, Any]
) -> None:
    assert read(client, a_member(Role.FIELD, "roads"), report).status_code == 200
    answer = read(client, a_member(Role.FIELD, "parks"), report)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_report")


def test_the_desk_sees_internal_notes_and_colleagues_names(
    client: TestClient, report: dict[str, Any]
) -> None:
    take_action(a_member(), report["id"], "note", internal_note="電話がありました")
    event = read(client, a_member(), report).json()["timeline"][-1]
    assert event["internal_note"] == "電話がありました"
    assert event["member"]["name"] == "職員 花子"


def test_contact_data_needs_a_reason_which_is_kept_with_the_name(
    client: TestClient, report: dict[str, Any]
) -> None:
    desk = a_member()
    address = f"/staff/reports/{report['number']}/contact"
    assert client.post(address, headers=desk.headers, json={"reason": ""}).status_code == 422
    answer = client.post(address, headers=desk.headers, json={"reason": "場所を電話で確かめるため"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["email"] == "hanako@example.jp"
    with reading() as session:
        (kept,) = session.exec(select(ContactDisclosure)).all()
    assert (kept.member_id, str(kept.report_id)) == (desk.id, report["id"])
    assert kept.reason == "場所を電話で確かめるため"


@pytest.mark.parametrize(("role", "department"), [(Role.FIELD, "roads"), (Role.ADMIN, "desk")])
def test_nobody_but_the_desk_learns_who_it_was(
    client: TestClient, report: dict[str, Any], role: Role, department: str
) -> None:
    answer = client.post(
        f"/staff/reports/{report['id']}/contact",
        headers=a_member(role, department).headers,
        json={"reason": "知りたい"},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    with reading() as session:
        assert session.exec(select(ContactDisclosure)).all() == []


def test_a_residents_token_opens_no_door_of_the_staff(client: TestClient, report: dict[str, Any]) -> None:
    hanako = a_reporter("taro@example.jp")
    answer = read(client, hanako, report)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_report_told_on_the_telephone_is_taken_in_once(client: TestClient) -> None:
    desk = a_member()
    photo_id = send_photo(client, desk, door="/staff")
    body = a_submission(report_id=str(uuid7()), photo_ids=[photo_id])
    first = client.post("/staff/reports", headers=desk.headers, json=body)
    again = client.post("/staff/reports", headers=desk.headers, json=body)
    assert (first.status_code, again.status_code) == (201, 200), first.text
    assert first.json()["receipt"] == again.json()["receipt"]
    assert first.headers["etag"] == '"1"'
    assert first.json()["report"]["original"]["has_contact"] is False
    assert first.json()["report"]["timeline"][0]["actor"] == "member"
    number = first.json()["report"]["number"]
    answer = client.post(
        f"/staff/reports/{number}/contact", headers=desk.headers, json={"reason": "折り返し"}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "no_contact")
