"""Merged, and taken back within ten minutes: then it never was. And who follows what through a merge."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import text
from sqlmodel import col, select

from nerirepo.base import clock
from nerirepo.database.db import reading, transaction
from nerirepo.publication import rewrite
from nerirepo.publication.tables import PublishedReport
from nerirepo.reports import merging, reporter_view
from nerirepo.reports.feedback import Opinion, give_feedback
from nerirepo.reports.follow import follow, follows
from nerirepo.reports.references import ReferenceUnknown
from nerirepo.reports.status import Status
from nerirepo.reports.tables import Follow, Report, ReportEvent
from nerirepo.staff.roles import Role
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("database", "storage")


def read(report_id: UUID) -> Report:
    with reading() as session:
        return session.get_one(Report, report_id)


def kinds(report_id: UUID) -> list[str]:
    events = select(ReportEvent.kind).where(ReportEvent.report_id == report_id)
    with reading() as session:
        return list(session.exec(events.order_by(col(ReportEvent.seq))))


def a_public_report(desk: Any) -> UUID:
    report_id = life.post(people.resident("parent@example.jp"))
    life.take_action(desk, report_id, "publish", public_text="暗い", photo_ids=[])
    return report_id


def is_followed(report_id: UUID, person: Any) -> bool:
    with reading() as session:
        return follows(session, report_id, person.id)


@pytest.mark.parametrize("standing", [Status.RECEIVED, Status.CHECKING, Status.IN_PROGRESS])
def test_taken_back_the_report_stands_where_it_stood(standing: Status) -> None:
    desk, crew, reporter = people.member(), people.member(Role.FIELD, "lamps"), people.resident()
    parent, report_id = a_public_report(desk), life.post(reporter)
    life.take_action(desk, report_id, "reassign", assignee=crew.id)
    if standing is not Status.RECEIVED:
        life.take_action(desk, report_id, "accept")
    if standing is Status.IN_PROGRESS:
        tomorrow = (clock.today_in_japan() + timedelta(days=1)).isoformat()
        life.take_action(desk, report_id, "start", expected_on=tomorrow)
    before = read(report_id)
    life.take_action(desk, report_id, "merge", parent_report=str(parent))
    assert is_followed(parent, reporter)
    life.take_action(desk, report_id, "reopen", internal_note="まちがえた")
    after = read(report_id)
    same = {"status", "expected_on", "assignee_id", "department_code", "parent_id", "closed_at", "visibility"}
    assert after.model_dump(include=same) == before.model_dump(include=same)
    assert after.status is standing
    assert after.version == before.version + 2, "whoever still sees it merged is told so"
    assert not is_followed(parent, reporter)


def test_taken_back_before_it_was_received_it_can_be_received() -> None:
    desk = people.member()
    report_id = life.post(people.resident())
    life.take_action(desk, report_id, "merge", parent_report=str(a_public_report(desk)))
    life.take_action(desk, report_id, "reopen", internal_note="まちがえた")
    life.take_action(desk, report_id, "accept", public_text="暗い", photo_ids=[])
    assert kinds(report_id) == ["submit", "merge", "undo_merge", "accept"]


def test_who_followed_the_parent_before_the_merge_goes_on_following_it() -> None:
    desk, reporter = people.member(), people.resident()
    parent, report_id = a_public_report(desk), life.post(reporter)
    with transaction() as session:
        follow(session, session.get_one(Report, parent), reporter.id)
    life.take_action(desk, report_id, "merge", parent_report=str(parent))
    life.take_action(desk, report_id, "reopen", internal_note="まちがえた")
    assert is_followed(parent, reporter)


def test_after_ten_minutes_it_is_opened_again_like_any_other(travel: time_machine.Traveller) -> None:
    desk = people.member()
    parent, report_id = a_public_report(desk), life.post(people.resident())
    life.take_action(desk, report_id, "merge", parent_report=str(parent))
    travel.shift(timedelta(minutes=10))
    life.take_action(desk, report_id, "reopen", internal_note="別のものでした")
    assert read(report_id).status is Status.CHECKING
    assert kinds(report_id) == ["submit", "merge", "reopen"]


def test_the_reporters_own_no_is_no_taking_back() -> None:
    desk, reporter = people.member(), people.resident()
    parent, report_id = a_public_report(desk), life.post(reporter)
    life.take_action(desk, report_id, "merge", parent_report=str(parent))
    with transaction() as session:
        report = session.get_one(Report, report_id, with_for_update=True)
        give_feedback(session, report, reporter.id, Opinion(fixed=False, comment="ちがう所"), is_own=True)
    assert kinds(report_id) == ["submit", "merge", "reopen"]
    assert read(report_id).status is Status.CHECKING


def test_a_merge_that_was_taken_back_is_on_nobodys_timeline() -> None:
    desk, reporter = people.member(), people.resident()
    parent, report_id = a_public_report(desk), life.post(reporter)
    life.take_action(desk, report_id, "publish", public_text="暗い", photo_ids=[])
    for _ in range(2):
        life.take_action(desk, report_id, "merge", parent_report=str(parent))
        life.take_action(desk, report_id, "reopen", internal_note="まちがえた")
    life.take_action(desk, report_id, "merge", parent_report=str(parent))
    with transaction() as session:
        rewrite.rewrite(session, report_id)
        published = [line["kind"] for line in session.get_one(PublishedReport, report_id).timeline]
        found = reporter_view.view(session, report_id, reporter.id, "ja")
    assert published == ["submit", "merge"]
    assert found
    assert [line["kind"] for line in found[0]["timeline"]] == ["submit", "merge"]


def test_nobody_follows_what_is_not_public_by_a_merge_until_it_is() -> None:
    desk, reporter, owner = people.member(), people.resident(), people.resident("parent@example.jp")
    parent, report_id = life.post(owner), life.post(reporter)
    life.take_action(desk, report_id, "merge", parent_report=str(parent))
    with reading() as session:
        assert session.exec(select(Follow)).all() == []
        found = reporter_view.view(session, report_id, reporter.id, "ja")
        number = session.get_one(Report, parent).number
    assert found
    assert number not in str(found[0])
    life.take_action(desk, parent, "accept", public_text="暗い", photo_ids=[])
    assert is_followed(parent, reporter)
    assert not is_followed(parent, owner)
    with reading() as session:
        found = reporter_view.view(session, report_id, reporter.id, "ja")
    assert found
    assert found[0]["parent_number"] == number


@pytest.mark.parametrize("how", ["hide", "withdrawn"])
def test_nobody_follows_what_was_taken_down_by_a_merge(how: str) -> None:
    desk, reporter = people.member(), people.resident()
    parent, report_id = a_public_report(desk), life.post(reporter)
    if how == "hide":
        life.take_action(desk, parent, "hide", internal_note="個人情報")
    else:
        from nerirepo.reports.withdraw import withdraw

        with transaction() as session:
            withdraw(session, session.get_one(Report, parent, with_for_update=True))
    life.take_action(desk, report_id, "merge", parent_report=str(parent))
    with reading() as session:
        assert session.exec(select(Follow)).all() == []


def test_who_sent_what_was_merged_before_follows_the_head_of_the_chain() -> None:
    desk, first, second = people.member(), people.resident(), people.resident("jiro@example.jp")
    head = a_public_report(desk)
    child, grandchild = life.post(first), life.post(second)
    life.take_action(desk, grandchild, "merge", parent_report=str(child))
    life.take_action(desk, child, "merge", parent_report=str(head))
    assert is_followed(head, first)
    assert is_followed(head, second)
    life.take_action(desk, child, "reopen", internal_note="まちがえた")
    assert not is_followed(head, first)
    assert not is_followed(head, second)


def test_three_that_are_merged_round_at_once_do_not_all_vanish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each clerk sees no circle, since nobody has finished yet: one must wait for another."""
    desks = [people.member() for _ in range(3)]
    reports = [life.post(people.resident(f"{name}@example.jp")) for name in "abc"]
    merge, all_looked = merging.merge, Barrier(3)

    def all_at_once(*given: Any) -> dict[str, Any]:
        with suppress(BrokenBarrierError):
            all_looked.wait(timeout=1)
        return merge(*given)

    monkeypatch.setattr(merging, "merge", all_at_once)

    def go(number: int) -> str:
        try:
            life.take_action(desks[number], reports[number], "merge", parent_report=str(reports[number - 1]))
        except ReferenceUnknown as refused:
            return refused.faults[0].code
        return "merged"

    with ThreadPoolExecutor(3) as clerks:
        assert sorted(clerks.map(go, range(3))) == ["merge_in_circle", "merged", "merged"]
    assert sorted(read(each).status for each in reports) == [
        Status.DUPLICATE,
        Status.DUPLICATE,
        Status.RECEIVED,
    ]


def test_the_letter_about_a_merge_waits_ten_minutes_and_nothing_else_waits_with_it(
    travel: time_machine.Traveller,
) -> None:
    desk = people.member()
    report_id = life.post(people.resident())
    life.take_action(desk, report_id, "merge", parent_report=str(a_public_report(desk)))
    life.take_action(desk, report_id, "reopen", internal_note="まちがえた")
    life.take_action(desk, report_id, "reassign", department="parks")
    asked = text("""
        SELECT event.kind, job.scheduled_at, job.lock FROM procrastinate_jobs AS job
        JOIN report_event AS event ON event.id = CAST(job.args ->> 'event_id' AS uuid)
        WHERE event.report_id = :report_id AND job.task_name = 'notify' ORDER BY event.seq
    """)
    with transaction() as session:
        rows = session.execute(asked, {"report_id": report_id}).all()
    waits = {row.kind: row.scheduled_at for row in rows}
    assert waits["merge"] == clock.now() + timedelta(minutes=10)
    assert [kind for kind, at in waits.items() if at] == ["merge"]
    locks = {row.kind: row.lock for row in rows}
    assert locks["merge"] not in (locks["submit"], locks["reassign"]), "which would wait for it"
    assert locks["submit"] == locks["reassign"] is not None
