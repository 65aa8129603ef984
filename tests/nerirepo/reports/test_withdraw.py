"""A report is taken back once, and only while nobody works on it."""

from uuid import UUID

import pytest

from nerirepo.database.db import reading, transaction
from nerirepo.reports.status import MoveNotPossible, Status, Visibility
from nerirepo.reports.tables import Report
from nerirepo.reports.withdraw import withdraw
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("database", "storage")


def take_back(report_id: UUID) -> Report:
    with transaction() as session:
        withdraw(session, session.get_one(Report, report_id))
    with reading() as session:
        return session.get_one(Report, report_id)


def test_twice_is_once(travel: object) -> None:
    report_id = life.post(people.resident())
    first, again = take_back(report_id), take_back(report_id)
    assert first.status is Status.WITHDRAWN
    assert (again.version, again.closed_at) == (first.version, first.closed_at)


def test_the_public_sees_it_no_more() -> None:
    report_id = life.post(people.resident())
    life.take_action(people.member(), report_id, "accept", public_text="道路の穴")
    assert take_back(report_id).visibility is Visibility.HIDDEN


def test_what_is_being_repaired_is_not_taken_back_any_more() -> None:
    report_id = life.post(people.resident())
    life.take_action(people.member(), report_id, "start")
    with pytest.raises(MoveNotPossible) as refused:
        take_back(report_id)
    assert refused.value.facts["report_status"] == Status.IN_PROGRESS
