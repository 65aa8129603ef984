"""Another category is another office's work: the report is routed anew, and the office hears of it."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select, update

from nerirepo.base.ids import uuid7
from nerirepo.catalogue.tables import Department
from nerirepo.database import db
from nerirepo.notifications.notify import notify
from nerirepo.notifications.tables import Delivery, RecipientKind
from nerirepo.reports.tables import Report, ReportEvent
from nerirepo.staff.roles import Role
from tests.factories import WARD_OFFICE, a_member, a_reporter, send_report, take_action


def read(report_id: str) -> Report:
    with db.reading() as session:
        return session.get_one(Report, UUID(report_id))


def last_event(report_id: str) -> ReportEvent:
    with db.reading() as session:
        return session.exec(
            select(ReportEvent).where(ReportEvent.report_id == report_id).order_by(ReportEvent.seq.desc())
        ).first()


def letters_to_offices(report_id: str) -> list[tuple[str, bool]]:
    """(department, is it urgent) of the letters that the last event owes."""
    event = last_event(report_id)
    with db.transaction() as session:
        notify(session, event.id)
    with db.reading() as session:
        owed = session.exec(
            select(Delivery).where(
                Delivery.cause_id == str(event.id), Delivery.recipient_kind == RecipientKind.DEPARTMENT
            )
        )
        return [(each.recipient_id, "urgent" in each.facts) for each in owed]


def a_report(client: TestClient, **changes: Any) -> str:
    sent = send_report(client, a_reporter(f"{uuid7().hex}@example.jp"), **changes)
    return sent.json()["receipt"]["report_id"]


@pytest.fixture
def at_once(database: Any) -> Any:
    """No office waits for its morning letter."""

    def set_digests(session: Session, codes: list[str], wanted: bool) -> None:
        session.execute(update(Department).where(Department.code.in_(codes)).values(digest=wanted))

    with db.transaction() as session:
        had = list(session.exec(select(Department.code).where(Department.digest)))
        set_digests(session, had, False)
    yield
    with db.transaction() as session:
        set_digests(session, had, True)


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("road.pothole", "lamp.out"),
        ("waste.dumping", "road.pothole"),
        ("lamp.out", "park.tree"),
        ("road.pothole", "graffiti"),
        ("lamp.out", "lamp.out"),
        ("road.pothole", "deed.cleanup"),
    ],
)
def test_a_report_stands_where_a_new_one_of_its_kind_would(client: TestClient, sent: str, meant: str) -> None:
    report_id, new = a_report(client, category=sent), read(a_report(client, category=meant))
    take_action(a_member(), report_id, "recategorise", category=meant)
    changed = read(report_id)
    if "answer_missing" not in new.flags:  # a new one would wait for a person, who has looked by now
        assert (changed.department_code, changed.manager_code) == (new.department_code, new.manager_code)
    assert changed.routing_reason == new.routing_reason
    assert changed.routing_confidence == new.routing_confidence
    assert (changed.due_on, changed.is_danger) == (new.due_on, new.is_danger)
    assert changed.is_deed == new.is_deed == meant.startswith("deed.")
    assert changed.version == (1 if sent == meant else 2)


def test_history_says_from_what_to_what(client: TestClient) -> None:
    report_id = a_report(client)
    take_action(a_member(), report_id, "recategorise", category="lamp.out")
    facts = last_event(report_id).facts
    assert facts["from_category"] == "road.pothole"
    assert facts["category"] == "lamp.out"
    assert (facts["from_department"], facts["department"]) == ("roads", "lamps")


def test_the_new_office_hears_of_it_and_the_old_one_has_nobody_on_it(
    client: TestClient, at_once: None
) -> None:
    report_id, crew = a_report(client), a_member(Role.FIELD, "roads")
    desk = a_member()
    take_action(desk, report_id, "reassign", assignee=str(crew.id))
    take_action(desk, report_id, "recategorise", category="lamp.out")
    assert read(report_id).assignee_id is None
    assert letters_to_offices(report_id) == [("lamps", False)]


def test_the_desk_may_keep_the_office(client: TestClient, at_once: None) -> None:
    report_id, crew = a_report(client), a_member(Role.FIELD, "roads")
    before = read(report_id)
    take_action(a_member(), report_id, "reassign", assignee=str(crew.id))
    take_action(a_member(), report_id, "recategorise", category="lamp.out", keep_department=True)
    after = read(report_id)
    assert (after.category_code, after.department_code) == ("lamp.out", "roads")
    assert (after.routing_reason, after.assignee_id) == (before.routing_reason, crew.id)
    assert last_event(report_id).facts["kept_department"]
    assert letters_to_offices(report_id) == []


@pytest.mark.parametrize("keep", [True, False])
def test_a_category_of_danger_alarms_even_where_letters_wait_for_the_morning(
    client: TestClient, keep: bool
) -> None:
    report_id, code = a_report(client, category="waste.dumping"), "road.pole"
    with db.transaction() as session:
        had = list(session.exec(select(Department.code).where(Department.digest)))
        session.execute(update(Department).values(digest=True))
    try:
        take_action(a_member(), report_id, "recategorise", category=code, keep_department=keep)
        assert read(report_id).is_danger
        assert letters_to_offices(report_id) == [(read(report_id).department_code, True)]
        take_action(a_member(), report_id, "recategorise", category=code, keep_department=True)
        assert letters_to_offices(report_id) == []  # it is no news
    finally:
        with db.transaction() as session:
            session.execute(update(Department).values(digest=Department.code.in_(had)))


def test_what_turns_out_to_be_somebodys_own_hides_its_place(client: TestClient) -> None:
    """As at submission: the answers that the resident gave still count."""
    own = {"category": "graffiti", "answers": {"on": "private", "offensive": False}}
    report_id = a_report(client, **own)
    desk = a_member()
    take_action(desk, report_id, "accept", public_text="落書きです。", hides_point=False)
    take_action(desk, report_id, "recategorise", category="road.pothole")
    assert not read(report_id).hides_point
    take_action(desk, report_id, "recategorise", category="graffiti")
    assert read(report_id).hides_point
    take_action(desk, report_id, "recategorise", category="road.pothole")
    assert read(report_id).hides_point  # shown again by nobody but the desk


def test_what_was_odd_about_the_old_category_is_looked_at_no_more_and_what_else_was_is(
    client: TestClient,
) -> None:
    report_id = a_report(client)
    with db.transaction() as session:
        session.get_one(Report, UUID(report_id)).flags = ["border", "category_retired", "answer_missing"]
    take_action(a_member(), report_id, "recategorise", category="lamp.out")
    assert read(report_id).flags == ["border"]


def test_a_report_whose_sender_was_erased_is_routed_by_its_category(client: TestClient) -> None:
    from nerirepo.privacy.erase import erase

    hanako = a_reporter()
    report_id = send_report(client, hanako, location={**WARD_OFFICE, "source": "gps"}).json()["receipt"][
        "report_id"
    ]
    with db.transaction() as session:
        erase(session, hanako.id)
    take_action(a_member(), report_id, "recategorise", category="lamp.out")
    assert read(report_id).department_code == "lamps"
