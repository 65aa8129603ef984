"""Whose is it? A report is in the hands of its department, and of nobody outside of it."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from nerirepo.base import clock
from nerirepo.catalogue.tables import Department
from nerirepo.database import db
from nerirepo.reports.references import ReferenceUnknown
from nerirepo.reports.tables import Report, ReportEvent
from nerirepo.staff.members import deactivate
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from tests.factories import Person, a_member, a_reporter, send_report, take_action


@pytest.fixture
def report_id(client: TestClient) -> str:
    """Of the department `roads`."""
    return send_report(client, a_reporter()).json()["receipt"]["report_id"]


@pytest.fixture
def crew(database: object) -> Person:
    return a_member(Role.FIELD, "roads", "taro@ward.example.jp")


def assignee(report_id: str) -> UUID | None:
    with db.reading() as session:
        return session.get_one(Report, UUID(report_id)).assignee_id


def facts(report_id: str) -> dict[str, object]:
    with db.reading() as session:
        events = select(ReportEvent).where(ReportEvent.report_id == report_id)
        return session.exec(events.order_by(ReportEvent.seq.desc())).first().facts


def see(client: TestClient, member: Person, report_id: str) -> int:
    return client.get(f"/staff/reports/{report_id}", headers=member.headers).status_code


def test_history_says_to_whom(client: TestClient, report_id: str, crew: Person) -> None:
    desk = a_member()
    take_action(desk, report_id, "reassign", assignee=str(crew.id))
    assert assignee(report_id) == crew.id
    line = client.get(f"/staff/reports/{report_id}", headers=desk.headers).json()["timeline"][-1]
    assert line["facts"] == {"assignee": str(crew.id)}
    assert line["assignee"] == {"id": str(crew.id), "name": "職員 花子"}


def test_who_is_of_another_department_cannot_have_it_in_hand(report_id: str, crew: Person) -> None:
    for other in (a_member(Role.FIELD, "parks"), a_member(Role.DESK), a_member(Role.ADMIN)):
        with pytest.raises(ReferenceUnknown):
            take_action(a_member(), report_id, "reassign", assignee=str(other.id))
    with pytest.raises(ReferenceUnknown) as refusal:
        take_action(a_member(), report_id, "reassign", department="parks", assignee=str(crew.id))
    assert refusal.value.faults[0].code == "assignee_elsewhere"
    assert assignee(report_id) is None


def test_who_has_left_or_reads_no_reports_cannot_have_one_in_hand(report_id: str, crew: Person) -> None:
    with db.transaction() as session:
        deactivate(session, session.get_one(Member, crew.id))
    for colleague in (crew, a_member(Role.ADMIN, "roads")):
        with pytest.raises(ReferenceUnknown):
            take_action(a_member(), report_id, "reassign", assignee=str(colleague.id))
    assert assignee(report_id) is None


def test_a_report_that_is_passed_on_leaves_its_old_hands(
    client: TestClient, report_id: str, crew: Person
) -> None:
    desk = a_member()
    take_action(desk, report_id, "reassign", assignee=str(crew.id))
    assert see(client, crew, report_id) == 200
    take_action(desk, report_id, "reassign", department="parks")
    assert assignee(report_id) is None
    assert facts(report_id) == {"department": "parks", "from_department": "roads", "assignee": None}
    assert see(client, crew, report_id) == 403


def test_department_and_colleague_are_changed_in_one_step(report_id: str, crew: Person) -> None:
    gardener = a_member(Role.FIELD, "parks")
    take_action(a_member(), report_id, "reassign", department="parks", assignee=str(gardener.id))
    assert assignee(report_id) == gardener.id


def test_a_report_is_taken_out_of_somebodys_hands(client: TestClient, report_id: str, crew: Person) -> None:
    desk = a_member()
    take_action(desk, report_id, "reassign", assignee=str(crew.id))
    take_action(desk, report_id, "reassign", assignee=None)
    assert assignee(report_id) is None
    assert facts(report_id) == {"assignee": None}
    line = client.get(f"/staff/reports/{report_id}", headers=desk.headers).json()["timeline"][-1]
    assert line["assignee"] is None


@pytest.mark.parametrize("change", [{"department": "parks"}, {"is_active": False}, {"role": "admin"}])
def test_who_moves_or_leaves_has_nothing_in_hand_any_more(
    client: TestClient, report_id: str, crew: Person, change: dict[str, object]
) -> None:
    desk, admin = a_member(), a_member(Role.ADMIN)
    take_action(desk, report_id, "reassign", assignee=str(crew.id))
    listed = client.get("/staff/members", headers=admin.headers).json()["members"]
    same = client.put("/staff/members", headers=admin.headers, json={"members": listed})
    assert same.status_code == 200, same.text
    assert assignee(report_id) == crew.id
    changed = [each | change if each["email"] == crew.email else each for each in listed]
    assert client.put("/staff/members", headers=admin.headers, json={"members": changed}).status_code == 200
    assert assignee(report_id) is None
    assert facts(report_id) == {"assignee": None}
    with db.reading() as session:
        last = session.exec(select(ReportEvent).order_by(ReportEvent.seq.desc())).first()
        assert session.get_one(Member, last.member_id).email == admin.email


def test_to_whom_is_told_to_no_resident(client: TestClient, crew: Person) -> None:
    hanako = a_reporter("taro@example.jp")
    report_id = send_report(client, hanako).json()["receipt"]["report_id"]
    take_action(a_member(), report_id, "reassign", assignee=str(crew.id))
    assert str(crew.id) not in client.get(f"/v1/reports/{report_id}", headers=hanako.headers).text


def test_a_report_is_passed_on_to_an_office_until_the_end_of_its_last_day(report_id: str) -> None:
    def ends(day: date | None) -> None:
        with db.transaction() as session:
            session.get_one(Department, "parks").valid_until = day

    try:
        ends(clock.today_in_japan() - timedelta(days=1))
        with pytest.raises(ReferenceUnknown):
            take_action(a_member(), report_id, "reassign", department="parks")
        ends(clock.today_in_japan())
        take_action(a_member(), report_id, "reassign", department="parks")
    finally:
        ends(None)
    assert facts(report_id) == {"department": "parks", "from_department": "roads"}
