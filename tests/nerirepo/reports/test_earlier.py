"""A new report names the one that it follows up, where its reporter may know of that."""

from uuid import UUID

import pytest

from nerirepo.database.db import reading
from nerirepo.reports.earlier import number_of_earlier
from nerirepo.reports.tables import Report
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("database", "storage")


def number(report_id: UUID) -> str:
    with reading() as session:
        return session.get_one(Report, report_id).number


def known(named: str, to: UUID | None) -> str | None:
    with reading() as session:
        return number_of_earlier(session, named, to)


def test_ones_own_is_named_by_its_id_or_number() -> None:
    hanako = people.resident()
    report_id = life.post(hanako)
    for named in (str(report_id), number(report_id), number(report_id).lower()):
        assert known(named, hanako.id) == number(report_id)


def test_a_public_one_is_known_to_everybody_and_a_secret_one_to_staff_alone() -> None:
    taro, report_id = people.resident("taro@example.jp"), life.post(people.resident())
    assert known(str(report_id), taro.id) is None
    assert known(str(report_id), None) == number(report_id)
    life.take_action(people.member(), report_id, "accept", public_text="暗いです。")
    assert known(str(report_id), taro.id) == number(report_id)


def test_what_never_was_is_nothing() -> None:
    assert known("NR-1999-000001", people.resident().id) is None
