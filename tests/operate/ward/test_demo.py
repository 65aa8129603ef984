"""The samples of a first start: real reports with a real history, spread over the past weeks."""

from datetime import datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from sqlmodel import select

from nerirepo.base import clock
from nerirepo.base.settings import settings
from nerirepo.database.db import reading, transaction
from nerirepo.gateways import storage
from nerirepo.photos.tables import Photo, PhotoState
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import PhotoRole, Report, ReportEvent, ReportPhoto
from nerirepo.staff.members import add_member
from nerirepo.staff.roles import Role
from operate.ward import demo, samples, walk

pytestmark = pytest.mark.usefixtures("database", "storage")

ENDS = {
    "accept": Status.CHECKING,
    "start": Status.IN_PROGRESS,
    "resolve": Status.RESOLVED,
    "hand_over": Status.HANDED_OVER,
    "decline": Status.DECLINED,
    "thank": Status.THANKED,
    "merge": Status.DUPLICATE,
    "feature": Status.RESOLVED,
    "glad": Status.RESOLVED,
}


def hire() -> None:
    with transaction() as session:
        add_member(session, email="reception@ward.example.jp", name="受付", role=Role.DESK, department="desk")
        add_member(session, email="repairs@ward.example.jp", name="現場", role=Role.FIELD, department="roads")


def rows(table: Any) -> list[Any]:
    with reading() as session:
        return sorted(session.exec(select(table)), key=lambda row: str(row.__dict__.get("seq", row)))


def test_the_samples_live_as_the_folder_says_and_nothing_is_public_that_the_desk_has_not_cleared():
    hire()
    demo.play()

    reports = sorted(rows(Report), key=lambda report: report.number)
    wanted = [
        ENDS[each.steps[-1].action] if each.steps else "received" for each in samples.read(settings().ward)
    ]
    assert [report.status for report in reports] == wanted

    shown = rows(ReportPhoto)
    for report in reports:
        untouched = report.status == Status.RECEIVED
        assert report.visibility == (Visibility.PENDING if untouched else Visibility.PUBLIC)
        assert (report.public_text is None) == untouched
        before = [each for each in shown if each.report_id == report.id and each.role == PhotoRole.BEFORE]
        assert [each.is_cleared for each in before] == [not untouched]
        after = [each for each in shown if each.report_id == report.id and each.role == PhotoRole.AFTER]
        assert (len(after) > 0) == (report.status == Status.RESOLVED)
    assert any(report.is_featured for report in reports)
    assert any(report.confirmed_fixed_at for report in reports)
    assert {photo.state for photo in rows(Photo)} == {PhotoState.READY}

    days = [clock.in_japan(report.received_at).date() for report in reports]
    assert days == sorted(days)
    assert days[-1] - days[0] > timedelta(days=7)
    for report in reports:
        events = sorted(
            (each for each in rows(ReportEvent) if each.report_id == report.id), key=lambda each: each.seq
        )
        assert all(earlier.at <= later.at for earlier, later in pairwise(events))
        assert events[-1].at < clock.now()


def test_an_interrupted_play_goes_on_the_next_day_and_a_finished_one_is_left_alone(monkeypatch):
    hire()
    three = samples.read(settings().ward)[:3]
    monkeypatch.setattr(samples, "read", lambda _: three)
    done = []

    def act_until_the_power_fails(*arguments: Any, **named: Any) -> Any:
        if len(done) == 3:
            raise InterruptedError
        done.append(arguments)
        return act(*arguments, **named)

    act = walk.act
    monkeypatch.setattr(walk, "act", act_until_the_power_fails)
    with pytest.raises(InterruptedError):
        demo.play()
    monkeypatch.setattr(walk, "act", act)
    with clock.at(datetime.now(clock.JST) + timedelta(days=1)):
        demo.play()

    assert [report.status for report in sorted(rows(Report), key=lambda report: report.number)] == [
        ENDS[each.steps[-1].action] for each in three
    ]
    assert len(rows(Reporter)) == 1
    history = rows(ReportEvent)
    assert len(history) == len({(event.report_id, event.kind) for event in history})

    demo.play()
    assert rows(ReportEvent) == history


def test_a_store_that_is_away_for_a_while_costs_no_sample_and_doubles_none(monkeypatch):
    hire()
    two = samples.read(settings().ward)[:2]
    monkeypatch.setattr(samples, "read", lambda _: two)
    waited: list[float] = []
    monkeypatch.setattr(demo.time, "sleep", waited.append)
    put, tries = storage.put, count(1)

    def put_now_and_then(*arguments: Any, **named: Any) -> None:
        if next(tries) in (1, 2, 4, 9, 10):
            raise storage.StorageAway(retry_after=10)
        put(*arguments, **named)

    monkeypatch.setattr(storage, "put", put_now_and_then)
    demo.play()
    assert waited
    assert [report.status for report in sorted(rows(Report), key=lambda report: report.number)] == [
        ENDS[each.steps[-1].action] for each in two
    ]
    history = rows(ReportEvent)
    assert len(history) == len({(event.report_id, event.kind) for event in history})


def test_a_store_that_stays_away_ends_the_play_and_the_next_one_goes_on(monkeypatch):
    hire()
    one = samples.read(settings().ward)[:1]
    monkeypatch.setattr(samples, "read", lambda _: one)
    monkeypatch.setattr(demo.time, "sleep", lambda _: None)

    def away(*_: Any, **__: Any) -> None:
        raise storage.StorageAway(retry_after=10)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(storage, "put", away)
        with pytest.raises(storage.StorageAway):
            demo.play()
    demo.play()
    assert len(rows(Report)) == 1


@pytest.mark.parametrize("hour", [0, 6, 12, 23])
def test_whatever_the_hour_of_the_first_start_no_sample_lives_in_the_future_or_backwards(hour):
    now = datetime(2026, 11, 23, hour, 1, tzinfo=clock.JST)
    for sample in samples.read(settings().ward):
        moments = samples.moments(sample, now)
        assert len(moments) == 1 + len(sample.steps)
        assert all(earlier < later for earlier, later in pairwise([*moments, now]))
