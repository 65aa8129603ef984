"""What the service says that an action needs is what it needs: no less, and no more."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from nerirepo.base.errors import ServiceError
from nerirepo.base.ids import uuid7
from nerirepo.database import db
from nerirepo.reports.status import Action
from nerirepo.reports.tables import Report
from nerirepo.staff.roles import Role
from tests.factories import Person, a_member, a_reporter, send_photo, send_report, take_action

SENT, WORDED, CLOSED, DEED = "sent", "with words", "closed", "a good deed"


def standing(client: TestClient, which: str) -> str:
    changes: dict[str, Any] = {"category": "deed.cleanup"} if which == DEED else {}
    report_id = send_report(client, a_reporter(f"{uuid7().hex}@example.jp"), **changes).json()["receipt"][
        "report_id"
    ]
    if which == WORDED:
        take_action(a_member(), report_id, "accept", public_text="穴")
    if which == CLOSED:
        # A picture of the result makes it worth showing.
        desk = a_member()
        take_action(desk, report_id, "accept", public_text="穴")
        photo = send_photo(client, desk, door="/staff")
        take_action(desk, report_id, "resolve", public_note="直しました。", photo_ids=[photo])
    return report_id


def filled(client: TestClient, member: Person, field: str) -> object:
    match field:
        case "photo_ids":
            return [send_photo(client, member, door="/staff")]
        case "manager":
            return "tokyo_roads"
        case "parent_report":
            other = send_report(client, a_reporter(f"{uuid7().hex}@example.jp")).json()
            return other["receipt"]["number"]
        case "department":
            return "desk"
        case "category":
            return "lamp.out"
        case "reason_code":
            return "private_land"
        case _:
            return "言葉"


def ways(client: TestClient, member: Person, needs: list[str]) -> Iterator[dict[str, object]]:
    """Each way to fill in what is needed: `a|b` is one or the other."""
    if not needs:
        yield {}
        return
    for field in needs[0].split("|"):
        for rest in ways(client, member, needs[1:]):
            value = str(member.id) if field == "assignee" else filled(client, member, field)
            yield {field: value} | rest


def try_out(client: TestClient, member: Person, which: str, action: str, fields: dict[str, Any]) -> bool:
    report_id = standing(client, which)
    if "assignee" in fields:  # a colleague of the report's own department
        with db.reading() as session:
            department = session.get_one(Report, UUID(report_id)).department_code
        fields = fields | {"assignee": str(a_member(Role.FIELD, department).id)}
    try:
        take_action(member, report_id, action, **fields)
    except ServiceError:
        return False
    return True


@pytest.mark.parametrize("role", [Role.DESK, Role.FIELD])
@pytest.mark.parametrize("which", [SENT, WORDED, CLOSED, DEED])
def test_each_action_takes_exactly_what_it_says(client: TestClient, which: str, role: Role) -> None:
    report_id = standing(client, which)
    with db.reading() as session:
        department = session.get_one(Report, UUID(report_id)).department_code
    member = a_member(role, department)
    listed = client.get(f"/staff/reports/{report_id}", headers=member.headers).json()["actions"]
    assert listed
    for each in listed:
        action, needs = each["action"], each["needs"]
        if action == Action.FEATURE:
            continue  # needs pictures that are ready: see test_feature.py
        for enough in ways(client, member, needs):
            if action == Action.DECLINE and role is Role.FIELD:
                enough |= {"reason_code": "within_standard", "measured_value": "8 mm"}
            assert try_out(client, member, which, action, enough), (action, enough)
        for position, alternatives in enumerate(needs):
            others = needs[:position] + needs[position + 1 :]
            for too_little in ways(client, member, others):
                assert not try_out(client, member, which, action, too_little), (action, alternatives)
