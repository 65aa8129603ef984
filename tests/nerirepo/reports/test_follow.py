"""Following somebody else's report, and leaving it, however often a phone says so."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from nerirepo.base import clock
from nerirepo.database.db import reading, transaction
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.follow import follow, follows, unfollow
from nerirepo.reports.tables import Follow, Report, Unfollowed
from tests.factories import life, people


@pytest.fixture
def report_id(database: object) -> UUID:
    return life.post(people.resident())


@pytest.fixture
def taro(database: object) -> Reporter:
    return people.resident("taro@example.jp")


def begin(report_id: UUID, who: Reporter, since: datetime | None = None) -> None:
    with transaction() as session:
        follow(session, session.get_one(Report, report_id), who.id, since)


def end(report_id: UUID, who: Reporter) -> None:
    with transaction() as session:
        unfollow(session, report_id, who.id)


def all_of(table: Any) -> list[Any]:
    with reading() as session:
        return list(session.exec(select(table)))


def test_one_follows_once_and_since_the_first_time(report_id: UUID, taro: Reporter) -> None:
    since = clock.now() - timedelta(days=1)
    begin(report_id, taro, since)
    begin(report_id, taro)
    assert [(each.reporter_id, each.since) for each in all_of(Follow)] == [(taro.id, since)]


def test_leaving_leaves_word_for_other_devices_until_one_follows_again(
    report_id: UUID, taro: Reporter
) -> None:
    begin(report_id, taro)
    end(report_id, taro)
    end(report_id, taro)
    assert all_of(Follow) == []
    assert [(each.report_id, each.reporter_id) for each in all_of(Unfollowed)] == [(report_id, taro.id)]
    begin(report_id, taro)
    assert all_of(Unfollowed) == []
    with reading() as session:
        assert follows(session, report_id, taro.id)


def test_who_never_followed_leaves_no_word(report_id: UUID, taro: Reporter) -> None:
    end(report_id, taro)
    assert all_of(Unfollowed) == []
