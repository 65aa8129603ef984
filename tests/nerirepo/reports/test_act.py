"""Staff act on a report: once, in order, with evidence, and never over each other."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from nerirepo.base.errors import ServiceError
from nerirepo.base.ids import uuid7
from nerirepo.database import db
from nerirepo.reports.act import ActionIdTaken, ReportChanged, act
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.evidence import EvidenceMissing
from nerirepo.reports.evidence_photos import PhotoNotReceived
from nerirepo.reports.own_photos import PhotoUnknown
from nerirepo.reports.permissions import ActionNotAllowed, NotYourReport
from nerirepo.reports.references import ReferenceUnknown
from nerirepo.reports.status import MoveNotPossible, Status, Visibility
from nerirepo.reports.tables import Follow, Report, ReportEvent, ReportPhoto
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from tests.factories import WARD_OFFICE, Person, a_member, a_reporter, send_photo, send_report, take_action


def read(report_id: str) -> Report:
    with db.reading() as session:
        return session.get_one(Report, UUID(report_id))


def kinds(report_id: str) -> list[str]:
    with db.reading() as session:
        return list(
            session.exec(
                select(ReportEvent.kind).where(ReportEvent.report_id == report_id).order_by(ReportEvent.seq)
            )
        )


@pytest.fixture
def report_id(client: TestClient) -> str:
    return send_report(client, a_reporter()).json()["receipt"]["report_id"]


def test_a_report_walks_to_its_end(client: TestClient, report_id: str) -> None:
    desk, crew = a_member(Role.DESK), a_member(Role.FIELD, "roads")
    take_action(desk, report_id, "accept", public_text="道路に穴があります。", photo_ids=[])
    take_action(crew, report_id, "start", expected_on=None)
    photo_id = send_photo(client, crew, door="/staff")
    take_action(crew, report_id, "resolve", public_note="穴をふさぎました。", photo_ids=[photo_id])
    report = read(report_id)
    assert (report.status, report.visibility, report.version) == (Status.RESOLVED, Visibility.PUBLIC, 4)
    assert report.closed_at is not None
    assert kinds(report_id) == ["submit", "accept", "start", "resolve"]


def test_the_same_action_again_is_answered_alike(report_id: str) -> None:
    desk, action_id = a_member(), uuid7()

    def once_more(**fields: object) -> tuple[int, int, bool]:
        with db.transaction() as session:
            request = ActionRequest(action_id=action_id, action="accept", **fields)
            done = act(session, session.get_one(Member, desk.id), UUID(report_id), request, 1)
            return done.version, done.event_seq, done.is_repeat

    first, again = once_more(), once_more()
    assert first[:2] == again[:2]
    assert (first[2], again[2]) == (False, True)
    assert kinds(report_id) == ["submit", "accept"]
    with pytest.raises(ActionIdTaken):
        once_more(internal_note="something else")


def test_of_two_members_at_once_one_is_told_to_read_again(report_id: str) -> None:
    members = [a_member(), a_member()]

    def accept(member: Person) -> str:
        try:
            with db.transaction() as session:
                request = ActionRequest(action_id=uuid7(), action="accept")
                act(session, session.get_one(Member, member.id), UUID(report_id), request, 1)
        except ReportChanged:
            return "stale"
        return "done"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(accept, members)) == ["done", "stale"]
    assert kinds(report_id) == ["submit", "accept"]


REFUSED = [
    ("resolve", {}, EvidenceMissing),
    ("resolve", {"public_note": "直しました。"}, EvidenceMissing),
    ("decline", {"public_note": "対象外です。"}, EvidenceMissing),
    ("decline", {"public_note": "対象外です。", "reason_code": "because"}, EvidenceMissing),
    ("decline", {"public_note": "基準内です。", "reason_code": "within_standard"}, EvidenceMissing),
    ("decline", {"public_note": "見つかりません。", "reason_code": "not_found"}, EvidenceMissing),
    ("decline", {"public_note": "今はできません。", "reason_code": "not_now"}, EvidenceMissing),
    ("hand_over", {}, EvidenceMissing),
    ("hand_over", {"manager": "nobody"}, ReferenceUnknown),
    ("merge", {"parent_report": "NR-2026-999999"}, ReferenceUnknown),
    ("reassign", {"department": "nobody"}, ReferenceUnknown),
    ("start", {"expected_on": "2001-01-01"}, ReferenceUnknown),
    ("start", {"expected_on": "2066-01-01"}, ReferenceUnknown),
    ("publish", {}, EvidenceMissing),
    ("hide", {}, EvidenceMissing),
    ("ask", {}, EvidenceMissing),
    ("note", {}, EvidenceMissing),
    ("thank", {}, MoveNotPossible),
    ("reopen", {"internal_note": "x"}, MoveNotPossible),
    ("withdraw", {}, ActionNotAllowed),
    ("accept", {"public_text": "x", "photo_ids": ["0193e4a0-0000-7000-8000-000000000000"]}, PhotoUnknown),
]


@pytest.mark.parametrize(
    ("action", "fields", "error"), REFUSED, ids=[f"{each[0]}-{each[1]}" for each in REFUSED]
)
def test_what_is_refused_changes_nothing(
    report_id: str, action: str, fields: dict[str, object], error: type[ServiceError]
) -> None:
    with pytest.raises(error):
        take_action(a_member(), report_id, action, **fields)
    assert (read(report_id).version, kinds(report_id)) == (1, ["submit"])


def test_a_crew_does_not_touch_another_departments_report(report_id: str) -> None:
    with pytest.raises(NotYourReport):
        take_action(a_member(Role.FIELD, "parks"), report_id, "start")


def test_a_crew_sends_a_report_back_to_triage_and_nowhere_else(report_id: str) -> None:
    crew = a_member(Role.FIELD, "roads")
    with pytest.raises(ActionNotAllowed):
        take_action(crew, report_id, "reassign", department="parks")
    take_action(crew, report_id, "reassign", department="desk")
    assert read(report_id).department_code == "desk"


def test_an_after_photo_that_has_not_come_is_asked_for(client: TestClient, report_id: str) -> None:
    crew, photo_id = a_member(Role.FIELD, "roads"), str(uuid7())
    announced = {"sha256": "0" * 64, "bytes": 10, "content_type": "image/jpeg"}
    client.put(f"/staff/photos/{photo_id}", headers=crew.headers, json=announced)
    with pytest.raises(PhotoNotReceived):
        take_action(crew, report_id, "resolve", public_note="直しました。", photo_ids=[photo_id])
    assert read(report_id).status is Status.RECEIVED


def test_a_report_that_is_opened_again_is_as_one_that_was_never_closed(report_id: str) -> None:
    take_action(a_member(), report_id, "resolve", public_note="直しました。", no_photo_reason="夜のため")
    with db.transaction() as session:
        report = session.get_one(Report, UUID(report_id))
        assert report.closed_at
        report.confirmed_fixed_at = report.closed_at
    take_action(a_member(), report_id, "reopen", public_note="まだでした。")
    report = read(report_id)
    assert (report.closed_at, report.confirmed_fixed_at) == (None, None)


def test_a_note_does_not_raise_the_version(report_id: str) -> None:
    assert take_action(a_member(), report_id, "note", internal_note="見てきます").version == 1


def test_the_reporter_of_a_duplicate_follows_the_first_report(client: TestClient, report_id: str) -> None:
    taro = a_reporter("taro@example.jp")
    repeated = send_report(client, taro).json()["receipt"]["report_id"]
    take_action(a_member(), report_id, "publish", public_text="穴", photo_ids=[])
    take_action(a_member(), repeated, "merge", parent_report=read(report_id).number)
    assert (read(repeated).status, read(repeated).parent_id) == (Status.DUPLICATE, UUID(report_id))

    def follows(session: Session) -> bool:
        return session.get(Follow, (UUID(report_id), taro.id)) is not None

    with db.reading() as session:
        assert follows(session)
    take_action(a_member(), repeated, "reopen", internal_note="別の穴でした")
    with db.reading() as session:
        assert not follows(session)


def test_a_report_is_not_merged_in_a_circle(client: TestClient, report_id: str) -> None:
    other = send_report(client, a_reporter("taro@example.jp")).json()["receipt"]["report_id"]
    take_action(a_member(), other, "merge", parent_report=report_id)
    with pytest.raises(ReferenceUnknown):
        take_action(a_member(), report_id, "merge", parent_report=other)


def test_only_the_photos_that_the_desk_cleared_are_public(client: TestClient) -> None:
    hanako = a_reporter()
    kept, shown = send_photo(client, hanako), send_photo(client, hanako)
    report_id = send_report(client, hanako, photo_ids=[kept, shown]).json()["receipt"]["report_id"]
    take_action(a_member(), report_id, "accept", public_text="穴", photo_ids=[shown])
    with db.reading() as session:
        rows = session.exec(select(ReportPhoto).where(ReportPhoto.report_id == report_id)).all()
    assert {str(row.photo_id): row.is_cleared for row in rows} == {kept: False, shown: True}


def test_the_place_of_what_is_somebodys_own_is_not_published_unless_the_desk_says_so(
    client: TestClient, report_id: str
) -> None:
    on_a_house = {"category": "graffiti", "answers": {"on": "private", "offensive": False}}
    private = send_report(client, a_reporter("taro@example.jp"), **on_a_house).json()["receipt"]["report_id"]
    assert (read(report_id).hides_point, read(private).hides_point) == (False, True)
    desk = a_member()
    take_action(desk, private, "accept", public_text="落書きです。", photo_ids=[])
    assert read(private).hides_point
    take_action(desk, private, "publish", hides_point=False)
    assert not read(private).hides_point
    take_action(desk, report_id, "accept", hides_point=True)  # and publishes nothing yet
    seen = read(report_id)
    assert (seen.hides_point, seen.visibility) == (True, Visibility.PENDING)


def test_where_only_a_town_was_named_no_point_is_published(client: TestClient) -> None:
    """It would be the town's middle, where nobody said that anything is."""
    by_town = {**WARD_OFFICE, "accuracy_m": 400.0, "source": "town"}
    sent = send_report(client, a_reporter(), location=by_town).json()
    assert read(sent["receipt"]["report_id"]).hides_point


def test_history_cannot_be_rewritten(report_id: str) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    for statement in ("UPDATE report_event SET kind = 'note'", "DELETE FROM report_event"):
        with pytest.raises(DBAPIError, match=r"append-only|permission denied"), db.transaction() as session:
            session.execute(text(statement))
    assert kinds(report_id) == ["submit"]
