"""The day by which the ward means to have answered is one of its working days, as its own file says them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from nerirepo.catalogue.tables import Category, Ward
from nerirepo.database import db
from nerirepo.reports.tables import Report
from tests.factories import a_member, a_reporter, send_report, take_action

WEDNESDAY = 2


@pytest.fixture
def open_on_wednesdays(database: object) -> Iterator[None]:
    """A ward at work on Wednesdays, and on 4 November 2026 on none."""

    with db.transaction() as session:
        ward = session.exec(select(Ward)).one()
        had = ward.profile
        days = {"days": ["wed"], "closed_on_holidays": False, "closed_on": ["2026-11-04"]}
        hours = had.reading_hours.model_copy(update=days)
        ward.profile = had.model_copy(update={"reading_hours": hours})
    yield
    with db.transaction() as session:
        session.exec(select(Ward)).one().profile = had


@pytest.mark.usefixtures("open_on_wednesdays")
def test_working_days_are_counted_when_it_is_sent_and_when_it_is_put_in_another_category(
    client: TestClient,
) -> None:
    report_id = send_report(client, a_reporter()).json()["receipt"]["report_id"]
    with db.transaction() as session:
        report = session.get_one(Report, UUID(report_id))
        target = session.get_one(Category, report.category_code).target_days
        assert target
        assert report.due_on
        assert report.due_on.weekday() == WEDNESDAY
        assert (report.due_on - report.received_at.date()).days > 7 * (target - 1)
        report.received_at = datetime(2026, 10, 31, 16, tzinfo=UTC)  # 1 November in Japan, a Sunday
    take_action(a_member(), report_id, "recategorise", category="lamp.out")
    with db.reading() as session:
        days = session.get_one(Category, "lamp.out").target_days
        due = session.get_one(Report, UUID(report_id)).due_on
    assert days == 7
    assert due == date(2026, 12, 23)  # 11 November is the first, the 4th is a day off
