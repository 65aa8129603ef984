"""The numbers of the statistics: of what is published, exactly; of what is not, next to nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from nerirepo.base import clock
from nerirepo.database.db import public_reading, reading, transaction
from nerirepo.publication import tallies
from nerirepo.publication.tables import PublishedTally
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import Report, ReportOriginal
from tests.factories.public_reports import MONDAY, add_event, add_report, publish_now

pytestmark = pytest.mark.usefixtures("database", "storage")

Rows = dict[tuple[str, str], PublishedTally]


def counted(at: datetime = MONDAY + timedelta(days=20)) -> Rows:
    with clock.at(at), transaction() as session:
        tallies.count(session)
    with reading() as session:
        return {(row.by, row.key): row for row in session.exec(select(PublishedTally))}


def several(number: int, **changes: Any) -> list[UUID]:
    with transaction() as session:
        return [add_report(session, **changes).id for _ in range(number)]


def published(number: int, **changes: Any) -> None:
    for report_id in several(number, **changes):
        publish_now(report_id)


def fixed(days: int, number: int = 1) -> None:
    published(number, status=Status.RESOLVED, closed_at=MONDAY + timedelta(days=days))


def unpublished(rows: Rows) -> tuple[str, int]:
    """Until which day, and how many."""
    ((key, row),) = ((key, row) for (by, key), row in rows.items() if by == tallies.UNPUBLISHED)
    return key, row.received


def test_published_reports_alone_count_and_each_by_itself() -> None:
    published(1, town="旭丘一丁目")
    published(2, town="栄町", status=Status.DECLINED)
    several(4, visibility=Visibility.PENDING)
    several(3, visibility=Visibility.HIDDEN)
    rows = counted()
    assert (rows["all", "all"].received, rows["all", "all"].open, rows["all", "all"].declined) == (3, 1, 2)
    assert {key: row.received for (by, key), row in rows.items() if by == "town"} == {
        "旭丘一丁目": 1,
        "栄町": 2,
    }


def test_every_property_adds_up_to_the_whole() -> None:
    published(3, town="旭丘一丁目")
    published(2, category_code="road.pothole", department_code="roads", town=None)
    published(1, category_code="graffiti", town="栄町")
    rows = counted()
    for by in ("month", "category", "department", "town"):
        assert sum(row.received for (each, _), row in rows.items() if each == by) == 6, by


def test_where_nothing_is_published_there_are_no_numbers_but_the_one() -> None:
    several(2, visibility=Visibility.PENDING)
    assert {by for by, _ in counted()} == {tallies.UNPUBLISHED}


def test_the_usual_time_counts_what_is_not_fixed() -> None:
    fixed(1, 3)
    fixed(10, 2)
    published(5)
    everything = counted()["all", "all"]
    assert everything.half_fixed_days == 10
    assert everything.most_fixed_days is None


def test_an_open_report_is_silent_when_the_public_heard_nothing_for_two_weeks() -> None:
    published(1)
    with transaction() as session:
        told, talked_about = add_report(session), add_report(session)
        at = MONDAY + timedelta(days=10)
        add_event(session, told, "note", note="部品を待っています。", at=at)
        add_event(session, talked_about, "note", internal="内部のメモ", at=at)
    for each in (told, talked_about):
        publish_now(each.id)
    assert counted(MONDAY + timedelta(days=13))["all", "all"].silent == 0
    assert counted(MONDAY + timedelta(days=20))["all", "all"].silent == 2


def test_a_report_that_was_opened_again_counts_as_such() -> None:
    with transaction() as session:
        report = add_report(session)
        add_event(session, report, "reopen", to=Status.CHECKING)
    publish_now(report.id)
    assert counted()["all", "all"].reopened == 1


def test_good_deeds_are_no_repairs() -> None:
    published(2, category_code="deed.cleanup", is_deed=True)
    several(1, category_code="deed.cleanup", is_deed=True, visibility=Visibility.PENDING)
    rows = counted()
    assert rows["deeds", "all"].received == 2
    assert ("all", "all") not in rows


def test_counting_again_changes_nothing() -> None:
    published(4)
    first = counted(datetime(2026, 11, 20, tzinfo=UTC))
    again = counted(datetime(2026, 11, 20, 1, tzinfo=UTC))
    assert again["all", "all"].counted_at == first["all", "all"].counted_at


# --- what is not published ---------------------------------------------------------------------------


WEEK = timedelta(days=7)


def test_what_is_not_published_is_told_in_tens_and_once_a_week() -> None:
    several(19, visibility=Visibility.PENDING)
    assert unpublished(counted(MONDAY)) == ("2026-11-16", 0), "they came on that day, and not before it"
    assert unpublished(counted(MONDAY + WEEK - timedelta(hours=10))) == ("2026-11-16", 0)
    assert unpublished(counted(MONDAY + WEEK)) == ("2026-11-23", 10)
    several(1, visibility=Visibility.PENDING, received_at=MONDAY + WEEK)
    assert unpublished(counted(MONDAY + WEEK + timedelta(days=3))) == ("2026-11-23", 10)
    assert unpublished(counted(MONDAY + 2 * WEEK)) == ("2026-11-23", 10), "one alone waits for others"
    several(2, visibility=Visibility.PENDING, received_at=MONDAY + 2 * WEEK)
    assert unpublished(counted(MONDAY + 3 * WEEK)) == ("2026-12-07", 20)


def test_what_was_published_meanwhile_is_taken_off_at_the_week_s_beginning_and_not_before() -> None:
    ids = several(10, visibility=Visibility.PENDING)
    assert unpublished(counted(MONDAY + WEEK)) == ("2026-11-23", 10)
    with transaction() as session:
        session.get_one(Report, ids[0]).visibility = Visibility.PUBLIC
    publish_now(ids[0])
    assert unpublished(counted(MONDAY + WEEK + timedelta(days=1))) == ("2026-11-23", 10)
    assert unpublished(counted(MONDAY + 2 * WEEK)) == ("2026-11-23", 0)


# --- an attack: look at everything public, before and after ------------------------------------------


def everything_public() -> dict[str, list[str]]:
    """All that the public role can read, table by table, but for the number that moves in steps."""
    with public_reading() as session:
        tables = session.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'published' ORDER BY 1")
        ).scalars()
        return {
            table: sorted(
                str(tuple(row)) for row in session.execute(text(f"SELECT * FROM published.{table}"))
            )
            for table in list(tables)
        }


TOWNS = ("旭丘一丁目", "栄町", None)
SENT = st.fixed_dictionaries(
    {
        "town": st.sampled_from(TOWNS),
        "category_code": st.sampled_from(("lamp.out", "road.pothole", "graffiti")),
        "department_code": st.sampled_from(("lamps", "roads")),
        "days": st.integers(0, 40),
        "is_deed": st.booleans(),
    }
)
FATES = tuple(Status)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(SENT, min_size=1, max_size=5), fates=st.lists(st.sampled_from(FATES), max_size=5))
def test_nothing_that_happens_to_reports_that_are_not_published_changes_what_everybody_sees(
    sent: list[dict[str, Any]], fates: list[Status]
) -> None:
    """Between any two looks within a week, whatever else is published and counted at the same moments."""
    now = MONDAY + timedelta(days=100)
    published(1)
    counted(now)
    ids = []
    for each in sent:
        before = everything_public()
        received_at = MONDAY + timedelta(days=each["days"] * 2.4)
        values = {key: value for key, value in each.items() if key != "days"}
        ids += several(1, visibility=Visibility.PENDING, received_at=received_at, **values)
        counted(now)
        assert everything_public() == before, "a report came in"
    for report_id, fate in zip(ids, fates, strict=False):
        before = everything_public()
        with transaction() as session:
            report = session.get_one(Report, report_id)
            add_event(session, report, "note", to=fate, note="区の対応")
            report.closed_at, report.confirmed_fixed_at = now, now
            report.visibility = Visibility.HIDDEN if fate in (Status.DECLINED, Status.RESOLVED) else "pending"
        publish_now(report_id)  # whoever asks for it: nothing comes of it
        counted(now)
        assert everything_public() == before, f"one became {fate}"
        with transaction() as session:
            session.delete(session.get_one(ReportOriginal, report_id))
        counted(now)
        assert everything_public() == before, "its sender was erased"
        # Something else is published at the same time: what changes is what a world without them shows.
        published(1, town="羽沢一丁目")
        rows = counted(now)
        with public_reading() as session:
            visible = session.execute(
                text("SELECT count(*) FROM published.report WHERE NOT is_deed")
            ).scalar_one()
        assert rows["all", "all"].received == visible
        assert rows["all", "all"].open == visible


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weeks=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), min_size=2, max_size=6))
def test_from_week_to_week_no_fewer_than_three_are_told_apart(weeks: list[tuple[int, int]]) -> None:
    """The attacker knows what is published, and compares every two tables. Each week some come, and some of
    those that wait are published."""
    with transaction() as session:
        session.execute(text("DELETE FROM published.tally"))
        session.execute(text("UPDATE report SET received_at = '2020-01-01', visibility = 'public'"))
        session.execute(text("DELETE FROM published.report"))
    base = MONDAY + timedelta(days=700)
    with reading() as session:
        older = session.execute(text("SELECT count(*) FROM report")).scalar_one()
    standing = unpublished(counted(base))
    waiting: list[UUID] = []
    for number, (come, go) in enumerate(weeks, start=1):
        now = base + number * WEEK
        waiting += several(come, visibility=Visibility.PENDING, received_at=now - timedelta(days=2))
        for report_id in waiting[:go]:
            with transaction() as session:
                session.get_one(Report, report_id).visibility = Visibility.PUBLIC
            publish_now(report_id)
        waiting = waiting[go:]
        told = unpublished(counted(now))
        with reading() as session:
            among = session.execute(
                text(
                    "SELECT count(*) FROM report"
                    " WHERE received_at >= CAST(:since AS date) AT TIME ZONE 'Asia/Tokyo'"
                    " AND received_at < CAST(:until AS date) AT TIME ZONE 'Asia/Tokyo'"
                    " AND id NOT IN (SELECT id FROM published.report)"
                ),
                {"since": standing[0], "until": told[0]},
            ).scalar_one()
        assert told[1] % tallies.STEP == 0
        assert told[1] <= older + len(waiting)
        assert told[0] == standing[0] or among >= tallies.AT_LEAST
        if told[0] == standing[0]:
            assert told[1] <= standing[1], "without others it can but fall, by what is published"
        standing = told
