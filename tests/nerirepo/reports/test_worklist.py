"""The worklist: who sees which reports, in which order, in pages that join, and at what cost."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from nerirepo.base import clock
from nerirepo.base.errors import NotAllowed
from nerirepo.base.ids import uuid7
from nerirepo.database.db import reading, transaction
from nerirepo.reports import cursor
from nerirepo.reports.cursor import CursorInvalid
from nerirepo.reports.permissions import Actor, Subject, may_see
from nerirepo.reports.status import OPEN, Status, Visibility
from nerirepo.reports.tables import Report
from nerirepo.reports.worklist import NearMissing, worklist
from nerirepo.reports.worklist_filters import Filters, Near, Sort
from nerirepo.reports.worklist_item import Item, Page
from nerirepo.staff.roles import Role
from tests.factories import a_member
from tests.factories.public_reports import MONDAY, add_event, add_photo, add_report
from tests.support.statements import sent_statements

pytestmark = pytest.mark.usefixtures("database", "storage")

DESK = Actor(uuid4(), Role.DESK, "desk")
CREW = Actor(uuid4(), Role.FIELD, "lamps")
STATION = Near(35.7379, 139.6542)


def a_report(**changes: Any) -> Report:
    with transaction() as session:
        return add_report(session, **{"visibility": Visibility.PENDING} | changes)


def page(actor: Actor = DESK, **filters: Any) -> Page:
    with reading() as session:
        return worklist(session, actor, Filters(**filters), "ja")


def numbers(actor: Actor = DESK, **filters: Any) -> list[str]:
    return [item.number for item in page(actor, **filters).items]


def only(**filters: Any) -> Item:
    (item,) = page(**filters).items
    return item


def test_an_item_says_what_one_needs_to_decide_whether_to_open_it() -> None:
    report = a_report(is_danger=True, flags=["border"], due_on=date(2026, 11, 20))
    with transaction() as session:
        add_photo(session, report)
    item = only()
    assert (item.number, item.status, item.version) == (report.number, Status.RECEIVED, 1)
    assert (item.category.code, item.category.name) == ("lamp.out", "街路灯が消えている")
    assert item.department.name == "街路灯担当"
    assert (item.is_danger, item.flags) == (True, ["border"])
    assert item.words.startswith("住所は豊玉北")
    assert item.thumbnail
    assert "/renditions/small" in item.thumbnail
    assert item.location
    assert round(item.location.lat, 4) == 35.7357


@pytest.mark.parametrize("rows", [1, 40])
def test_a_page_costs_one_statement_however_long_it_is(rows: int) -> None:
    for _ in range(rows):
        a_report()
    with sent_statements() as sent:
        assert len(page(limit=100, statuses=OPEN, sort=Sort.DUE, q="住所").items) == rows
    assert len(sent) == 1


def test_a_crew_sees_its_department_and_what_is_assigned_to_it_just_as_the_rule_says() -> None:
    me = a_member(Role.FIELD, "lamps")
    crew = Actor(me.id, Role.FIELD, "lamps")
    for department, assignee in product(("lamps", "roads"), (None, me.id, a_member(Role.FIELD, "roads").id)):
        a_report(department_code=department, assignee_id=assignee)
    seen = {item.id for item in page(crew).items}
    for item in page().items:
        subject = Subject(item.department.code, item.assignee.id if item.assignee else None, "desk")
        assert (item.id in seen) == may_see(crew, subject)
    assert len(seen) == 4


def test_a_crew_cannot_look_into_another_department_by_asking_for_it() -> None:
    a_report(department_code="roads")
    assert numbers(CREW, department="roads") == []


def test_an_admin_reads_no_reports() -> None:
    with pytest.raises(NotAllowed):
        page(Actor(uuid4(), Role.ADMIN, "desk"))


@pytest.mark.parametrize("sort", Sort)
def test_pages_join_without_a_gap_or_a_repeat_in_every_order(sort: Sort) -> None:
    made = {
        a_report(
            received_at=MONDAY + timedelta(minutes=index // 3),
            due_on=None if index % 4 == 0 else date(2026, 11, 20 + index % 3),
            is_danger=index % 5 == 0,
            location=f"SRID=4326;POINT(139.65 {35.73 + index // 2 / 1000})",
        ).number
        for index in range(11)
    }
    whole = numbers(sort=sort, near=STATION)
    assert set(whole) == made
    joined: list[str] = []
    ended = None
    for _ in range(6):
        found = page(sort=sort, near=STATION, cursor=ended, limit=2)
        joined += [item.number for item in found.items]
        ended = found.next_cursor
    assert ended is None
    assert joined == whole


def test_dangers_come_first_and_then_what_is_due_first() -> None:
    later = a_report(due_on=date(2026, 12, 20))
    never = a_report(due_on=None)
    soon = a_report(due_on=date(2026, 12, 1))
    danger = a_report(due_on=None, is_danger=True)
    assert numbers(sort=Sort.DUE) == [each.number for each in (danger, soon, later, never)]


def test_the_nearest_come_first_within_so_many_metres() -> None:
    far = a_report(location="SRID=4326;POINT(139.60 35.74)")
    near = a_report(location="SRID=4326;POINT(139.6543 35.7379)")
    assert numbers(sort=Sort.DISTANCE, near=STATION) == [near.number, far.number]
    assert numbers(near=Near(STATION.lat, STATION.lon, 100)) == [near.number]
    item = only(near=Near(STATION.lat, STATION.lon, 100))
    assert item.distance_m is not None
    assert 5 <= item.distance_m <= 15


def test_the_nearest_to_nowhere_is_refused() -> None:
    with pytest.raises(NearMissing):
        page(sort=Sort.DISTANCE)


def test_what_was_promised_counts_before_the_wards_own_aim() -> None:
    today = clock.today_in_japan()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    late = a_report(due_on=yesterday)
    a_report(due_on=today)
    a_report(due_on=yesterday, expected_on=tomorrow)
    broken = a_report(due_on=tomorrow, expected_on=yesterday)
    a_report(due_on=yesterday, status=Status.RESOLVED)
    assert set(numbers(overdue=True)) == {late.number, broken.number}
    assert {item.number for item in page().items if item.overdue} == {late.number, broken.number}


def test_filters_join() -> None:
    me = a_member(Role.FIELD, "lamps")
    wanted = a_report(assignee_id=me.id, status=Status.CHECKING)
    a_report(assignee_id=me.id)
    a_report(status=Status.CHECKING)
    found = numbers(assignee=me.id, statuses=frozenset({Status.CHECKING}), department="lamps")
    assert found == [wanted.number]


def test_one_searches_by_number_town_and_words_and_signs_mean_themselves() -> None:
    report = a_report(number="NR-2026-004711", town="関町北四丁目")
    a_report(town="大泉学園町一丁目")
    assert numbers(q="4711") == numbers(q="nr-2026-004711") == numbers(q="関町北") == [report.number]
    assert len(numbers(q="田中")) == 2
    assert numbers(q="%") == numbers(q="_") == numbers(q="\\") == []


def test_a_thanked_deed_is_no_work() -> None:
    deed = a_report(category_code="deed.cleanup", is_deed=True, status=Status.THANKED)
    assert numbers() == []
    assert numbers(statuses=frozenset({Status.THANKED})) == [deed.number]


def test_what_nobody_has_screened_waits_for_the_desk_even_when_it_is_closed() -> None:
    waiting = a_report(status=Status.RESOLVED)
    a_report(visibility=Visibility.HIDDEN)
    a_report(status=Status.WITHDRAWN)
    public = a_report(visibility=Visibility.PUBLIC)
    with transaction() as session:
        add_event(session, public, "publish")
        add_photo(session, public, is_cleared=False)  # the desk saw it and did not clear it
    assert numbers(to_screen=True) == [waiting.number]


def test_a_photo_that_came_after_publishing_waits_to_be_screened() -> None:
    from nerirepo.reports.tables import ReportEvent, ReportPhoto

    report = a_report(visibility=Visibility.PUBLIC)
    with transaction() as session:
        add_event(session, report, "publish")
        photo = add_photo(session, report, is_cleared=False)
        comment = ReportEvent(
            id=uuid7(),
            report_id=report.id,
            kind="comment",
            at=MONDAY,
            actor_kind="reporter",
            to_status="received",
            version=1,
        )
        session.add(comment)
        session.flush()
        session.get_one(ReportPhoto, (report.id, photo.id)).event_seq = comment.seq
    assert numbers(to_screen=True) == [report.number]


@pytest.mark.parametrize(
    "forged",
    [
        "x",
        "あ",
        "bnVsbA",
        cursor.write("oldest", ["2026-11-23T00:00:00+00:00", UUID(int=1)]),
        cursor.write("newest", ["yesterday", UUID(int=1)]),
        cursor.write("newest", ["2026-11-23T00:00:00+00:00"]),
    ],
)
def test_a_cursor_of_another_list_is_told_so(forged: str) -> None:
    with pytest.raises(CursorInvalid):
        page(cursor=forged)
