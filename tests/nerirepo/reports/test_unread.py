"""An answer reaches somebody: a mark on the card, a place in the list, a letter, until it has been read."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select, update

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.catalogue.tables import Department
from nerirepo.database import db
from nerirepo.notifications import department_letter
from nerirepo.notifications.delivery import NotWanted
from nerirepo.notifications.digest import digest
from nerirepo.notifications.notify import notify
from nerirepo.notifications.tables import CauseKind, Delivery, RecipientKind
from nerirepo.privacy.erase import erase
from nerirepo.reports.status import Action
from nerirepo.reports.tables import ReportEvent
from nerirepo.reports.unread import ANSWERS, answers, asks_to_be_read
from nerirepo.staff.roles import Role
from tests.factories import Person, a_member, a_reporter, send_photo, send_report, take_action
from tests.support.statements import sent_statements


@pytest.mark.parametrize(
    ("kind", "has_words", "facts", "waits"),
    [
        ("comment", True, {}, True),
        ("comment", False, {"photo_ids": ["x"]}, True),
        ("feedback", False, {"fixed": True}, False),
        ("feedback", True, {"fixed": True}, True),
        ("feedback", False, {"fixed": False}, True),
        ("feedback", False, {"fixed": False, "own": False}, True),
        (Action.REOPEN, False, {"fixed": False}, True),
        (Action.REOPEN, True, {"fixed": False}, True),
        (Action.WITHDRAW, True, {}, True),
        (Action.WITHDRAW, False, {}, False),
        ("follow", False, {}, False),
        ("submit", False, {}, False),
    ],
)
def test_words_photos_and_a_no_are_read_by_somebody(
    kind: str, has_words: bool, facts: dict[str, Any], waits: bool
) -> None:
    assert asks_to_be_read(kind, by_reporter=True, has_words=has_words, facts=facts) is waits
    assert not asks_to_be_read(kind, by_reporter=False, has_words=has_words, facts=facts)


def test_an_answer_is_what_the_reporter_hears_of_or_a_plain_i_have_read_it() -> None:
    assert {
        Action.READ,
        Action.ACCEPT,
        Action.ASK,
        Action.START,
        Action.RESOLVE,
        Action.DECLINE,
        Action.HAND_OVER,
        Action.MERGE,
        Action.THANK,
        Action.REOPEN,
    } == ANSWERS
    assert not answers(Action.NOTE, unread_seq=5, seen_seq=9)


def test_what_came_after_the_page_was_opened_is_not_read_by_it() -> None:
    assert answers(Action.RESOLVE, unread_seq=5, seen_seq=5)
    assert not answers(Action.RESOLVE, unread_seq=6, seen_seq=5)
    assert answers(Action.RESOLVE, unread_seq=6, seen_seq=None)


@pytest.fixture
def hanako(database: Any) -> Person:
    return a_reporter()


@pytest.fixture
def report_id(client: TestClient, hanako: Person) -> str:
    """Of `waste`: no danger, so letters wait where the office wants them to."""
    return send_report(client, hanako, category="waste.dumping").json()["receipt"]["report_id"]


@pytest.fixture(params=[False, True], ids=["at once", "in the morning"])
def has_digest(request: Any, database: Any) -> Iterator[bool]:
    with db.transaction() as session:
        had = list(session.exec(select(Department.code).where(Department.digest)))
        session.execute(update(Department).values(digest=request.param))
    yield request.param
    with db.transaction() as session:
        session.execute(update(Department).values(digest=Department.code.in_(had)))


def say(client: TestClient, person: Person, report_id: str, what: str = "comments", **body: Any) -> None:
    said = body or {"text": "ポストの横です。"}
    answer = client.post(f"/v1/reports/{report_id}/{what}", headers=person.headers, json=said)
    assert answer.status_code in (200, 201), answer.text


def listed(client: TestClient, member: Person) -> list[str]:
    page = client.get("/staff/reports?answered=true", headers=member.headers).json()["items"]
    assert all(each["answered"] for each in page)
    return [each["id"] for each in page]


def owed(report_id: str) -> list[Delivery]:
    """Letters to offices about what was said last."""
    with db.transaction() as session:
        events = select(ReportEvent).where(ReportEvent.report_id == report_id)
        last = session.exec(events.order_by(ReportEvent.seq.desc())).first()
        notify(session, last.id)
    with db.reading() as session:
        letters = select(Delivery).where(
            Delivery.cause_id == str(last.id), Delivery.recipient_kind == RecipientKind.DEPARTMENT
        )
        return list(session.exec(letters))


def test_an_answer_to_a_question_is_marked_until_it_is_read(
    client: TestClient, report_id: str, hanako: Person
) -> None:
    desk, crew = a_member(), a_member(Role.FIELD, "waste")
    take_action(desk, report_id, "ask", public_note="どこですか。")
    assert listed(client, desk) == []
    say(client, hanako, report_id)
    assert listed(client, desk) == listed(client, crew) == [report_id]
    assert listed(client, a_member(Role.FIELD, "parks")) == []
    seen = client.get(f"/staff/reports/{report_id}", headers=crew.headers).json()
    assert seen["answered"]
    assert "read" in [each["action"] for each in seen["actions"]]
    done = client.post(
        f"/staff/reports/{report_id}/actions",
        headers=crew.headers | {"If-Match": f'"{seen["version"]}"'},
        json={"action_id": str(uuid7()), "action": "read", "seen_seq": seen["timeline"][-1]["seq"]},
    ).json()
    assert done["version"] == seen["version"]
    assert not done["report"]["answered"]
    assert "read" not in [each["action"] for each in done["report"]["actions"]]
    assert listed(client, desk) == []


@pytest.mark.parametrize(
    ("action", "fields"), [("start", {}), ("ask", {"public_note": "写真はありますか。"}), ("accept", {})]
)
def test_who_answers_has_read(
    client: TestClient, report_id: str, hanako: Person, action: str, fields: dict[str, Any]
) -> None:
    desk = a_member()
    say(client, hanako, report_id)
    take_action(desk, report_id, "note", internal_note="あとで")
    assert listed(client, desk) == [report_id]
    take_action(desk, report_id, action, **fields)
    assert listed(client, desk) == []


def test_what_came_while_the_page_stood_open_stays_unread(
    client: TestClient, report_id: str, hanako: Person
) -> None:
    desk = a_member()
    say(client, hanako, report_id)
    opened = client.get(f"/staff/reports/{report_id}", headers=desk.headers).json()["timeline"][-1]["seq"]
    say(client, hanako, report_id, text="もう一つあります。")
    take_action(desk, report_id, "start", seen_seq=opened)
    assert listed(client, desk) == [report_id]


def test_a_photo_alone_is_an_answer_too(client: TestClient, report_id: str, hanako: Person) -> None:
    say(client, hanako, report_id, photo_ids=[send_photo(client, hanako)])
    assert listed(client, a_member()) == [report_id]


def test_what_is_said_of_a_result_reaches_somebody(
    client: TestClient, report_id: str, hanako: Person
) -> None:
    desk, taro = a_member(), a_reporter("taro@example.jp")
    take_action(desk, report_id, "accept", public_text="ごみ")
    client.put(f"/v1/reports/{report_id}/follow", headers=taro.headers)
    take_action(desk, report_id, "resolve", public_note="片づけました。", no_photo_reason="夜でした")
    say(client, hanako, report_id, "feedback", fixed=True)
    assert listed(client, desk) == []  # pressed, and nothing written
    say(client, hanako, report_id, "feedback", fixed=True, comment="ありがとう。")
    assert listed(client, desk) == [report_id]
    take_action(desk, report_id, "read")
    say(client, taro, report_id, "feedback", fixed=False)  # a follower: recorded for the desk
    assert listed(client, desk) == [report_id]
    take_action(desk, report_id, "read")
    with clock.at(clock.now() + timedelta(days=15)):  # too late to reopen
        say(client, hanako, report_id, "feedback", fixed=False)
    assert listed(client, desk) == [report_id]


def test_the_department_is_written_to_as_it_wishes(
    client: TestClient, report_id: str, hanako: Person, has_digest: bool
) -> None:
    take_action(a_member(), report_id, "accept", public_text="ごみ")
    take_action(a_member(), report_id, "decline", public_note="区の外です。", reason_code="private_land")
    say(client, hanako, report_id)
    letters = owed(report_id)
    assert [each.recipient_id for each in letters] == ([] if has_digest else ["waste"])
    today = clock.today_in_japan()
    with db.transaction() as session:
        digest(session, today)
        morning = session.exec(
            select(Delivery).where(Delivery.cause_kind == CauseKind.DIGEST, Delivery.recipient_id == "waste")
        ).first()
        assert (morning is not None) == has_digest
        letter = morning or letters[0]
        page = department_letter.digest if morning else department_letter.about_event
        facts = page(session, letter).facts
        assert (facts["reports"][0]["is_answered"] if morning else facts["kind"] == "comment") is True
    take_action(a_member(), report_id, "read")
    with db.reading() as session, pytest.raises(NotWanted):  # read before the letter left
        page(session, letter)


def test_an_answer_is_no_second_alarm_and_thanks_are_none(client: TestClient, hanako: Person) -> None:
    desk = a_member()
    report_id = send_report(client, hanako, category="road.pothole").json()["receipt"]["report_id"]
    take_action(desk, report_id, "accept", public_text="穴")
    say(client, hanako, report_id)
    assert letter_to_office(report_id) == ("danger_reply", True)
    take_action(desk, report_id, "resolve", public_note="うめました。", no_photo_reason="夜でした")
    say(client, hanako, report_id, "feedback", fixed=True, comment="ありがとう。")
    assert letter_to_office(report_id) == ("department_reply", False)


def letter_to_office(report_id: str) -> tuple[str, bool]:
    """Which it is, and whether it warns."""
    (letter,) = owed(report_id)
    with db.reading() as session:
        page = department_letter.about_event(session, letter)
    return page.template, page.facts["is_danger"]


def test_where_the_office_has_ended_triage_is_told(
    client: TestClient, report_id: str, hanako: Person
) -> None:
    yesterday = clock.today_in_japan() - timedelta(days=1)
    with db.transaction() as session:
        had = list(session.exec(select(Department.code).where(Department.digest)))
        session.execute(update(Department).values(digest=False))
        session.execute(update(Department).where(Department.code == "waste").values(valid_until=yesterday))
    try:
        say(client, hanako, report_id)
        (letter,) = owed(report_id)
        assert letter.recipient_id == "desk"
        with db.reading() as session:
            assert department_letter.about_event(session, letter).facts["kind"] == "comment"
            waiting = department_letter.waiting(session, "desk", before=clock.now())
            assert UUID(report_id) in [each.id for each in waiting]
    finally:
        with db.transaction() as session:
            session.execute(update(Department).values(digest=Department.code.in_(had)))
            session.execute(update(Department).where(Department.code == "waste").values(valid_until=None))


def test_however_many_offices_have_ended_triage_asks_once_for_all(report_id: str) -> None:
    yesterday = clock.today_in_japan() - timedelta(days=1)
    ended = col(Department.is_triage).is_(False)
    with db.transaction() as session:
        session.execute(update(Department).where(ended).values(valid_until=yesterday))
    try:
        with db.reading() as session, sent_statements() as statements:
            waiting = department_letter.waiting(session, "desk", before=clock.now())
        assert UUID(report_id) in [each.id for each in waiting]
        assert len(statements) == 2
    finally:
        with db.transaction() as session:
            session.execute(update(Department).where(ended).values(valid_until=None))


def test_who_is_erased_leaves_nothing_to_read(client: TestClient, report_id: str, hanako: Person) -> None:
    say(client, hanako, report_id)
    with db.transaction() as session:
        erase(session, hanako.id)
    assert listed(client, a_member()) == []
