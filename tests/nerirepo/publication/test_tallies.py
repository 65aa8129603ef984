from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from nerirepo import clock
from nerirepo.db import reading, transaction
from nerirepo.publication import tallies
from nerirepo.publication.tables import PublishedTally
from nerirepo.reports.status import Status, Visibility
from tests.public_reports import MONDAY, add_event, add_report, publish_now

pytestmark = pytest.mark.usefixtures("database", "storage")


def counted(at: datetime = MONDAY + timedelta(days=20)) -> dict[tuple[str, str], PublishedTally]:
    with clock.at(at), transaction() as session:
        tallies.count(session)
    with reading() as session:
        return {(row.by, row.key): row for row in session.exec(select(PublishedTally))}


def several(number: int, **changes) -> None:
    with transaction() as session:
        for _ in range(number):
            add_report(session, **changes)


def fixed(days: int, number: int = 1, **changes) -> None:
    several(number, status=Status.RESOLVED, closed_at=MONDAY + timedelta(days=days), **changes)


def test_reports_count_whether_or_not_they_are_published() -> None:
    several(4, visibility=Visibility.PENDING)
    several(3, visibility=Visibility.HIDDEN)
    everything = counted()[("all", "all")]
    assert (everything.received, everything.open) == (7, 7)


def test_beside_each_number_stands_how_many_of_it_are_published() -> None:
    several(3, town="旭丘一丁目", visibility=Visibility.PENDING)
    with transaction() as session:
        shown = [add_report(session, town=town) for town in ("旭丘一丁目", "栄町", "栄町", "栄町")]
        shown += [add_report(session, category_code="deed.cleanup", is_deed=True) for _ in range(3)]
    for report in shown:
        publish_now(report.id)
    rows = counted()
    assert (rows[("all", "all")].received, rows[("all", "all")].published["received"]) == (7, 4)
    assert rows[("town", "旭丘一丁目")].published["open"] == 1
    assert (rows[("deeds", "all")].received, rows[("deeds", "all")].published["received"]) == (3, 3)


def test_every_property_adds_up_to_the_whole() -> None:
    several(5, town="旭丘一丁目")
    several(4, category_code="road.pothole", department_code="roads", town=None)
    several(1, category_code="graffiti", town="栄町")
    rows = counted()
    for by in ("month", "category", "department", "town"):
        assert sum(row.received for (each, _), row in rows.items() if each == by) == 10, by


def test_a_town_with_few_reports_is_not_told_alone() -> None:
    several(5, town="旭丘一丁目")
    several(2, town="栄町")
    several(1, town="羽沢一丁目")
    rows = counted()
    assert {key: row.received for (by, key), row in rows.items() if by == "town"} == {"旭丘一丁目": 5, "": 3}


def test_no_number_of_one_or_two_is_written() -> None:
    several(2, status=Status.DECLINED)
    several(1, status=Status.HANDED_OVER)
    several(6)
    fixed(3, 4)
    with transaction() as session:
        add_report(session, status=Status.RESOLVED, confirmed_fixed_at=MONDAY, closed_at=MONDAY)
    for row in counted().values():
        told = row.model_dump(
            exclude={"by", "key", "counted_at", "published", "half_fixed_days", "most_fixed_days"}
        )
        assert not {1, 2} & set(told.values())


def test_fewer_than_three_in_all_are_not_told() -> None:
    several(2)
    assert counted() == {}


def test_the_usual_time_counts_what_is_not_fixed() -> None:
    fixed(1, 3)
    fixed(10, 2)
    several(5)
    everything = counted()[("all", "all")]
    assert everything.half_fixed_days == 10
    assert everything.most_fixed_days is None


def test_an_open_report_is_silent_when_the_public_heard_nothing_for_two_weeks() -> None:
    several(3)
    with transaction() as session:
        for _ in range(3):
            told = add_report(session)
            add_event(session, told, "note", note="部品を待っています。", at=MONDAY + timedelta(days=10))
        for _ in range(3):
            talked_about = add_report(session)
            add_event(session, talked_about, "note", internal="内部のメモ", at=MONDAY + timedelta(days=10))
    assert counted(MONDAY + timedelta(days=13))[("all", "all")].silent == 0
    assert counted(MONDAY + timedelta(days=20))[("all", "all")].silent == 6


def test_a_report_that_was_opened_again_counts_as_such() -> None:
    with transaction() as session:
        for _ in range(3):
            add_event(session, add_report(session), "reopen", to=Status.CHECKING)
    assert counted()[("all", "all")].reopened == 3


def test_good_deeds_are_no_repairs() -> None:
    several(3, category_code="deed.cleanup", is_deed=True)
    rows = counted()
    assert rows[("deeds", "all")].received == 3
    assert ("all", "all") not in rows


def test_counting_again_changes_nothing() -> None:
    several(4)
    first = counted(datetime(2026, 11, 20, tzinfo=UTC))
    again = counted(datetime(2026, 11, 20, 1, tzinfo=UTC))
    assert again[("all", "all")].counted_at == first[("all", "all")].counted_at
