"""Words and photos that a reporter adds are written once, however often a phone sends them."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, func, select

from nerirepo.base.ids import uuid7
from nerirepo.database.db import reading, transaction
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.comment import Comment, comment
from nerirepo.reports.once import SaidIdTaken
from nerirepo.reports.own import own_report
from nerirepo.reports.photos_of import photos_of
from nerirepo.reports.submission import ReportEmpty
from nerirepo.reports.tables import ReportEvent
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("database", "storage")


@pytest.fixture
def hanako(database: object) -> Reporter:
    return people.resident()


def add(who: Reporter, report_id: UUID, **said: Any) -> bool:
    with transaction() as session:
        report = own_report(session, str(report_id), who.id)
        return comment(session, report, who.id, Comment.model_validate(said))


def comments(report_id: UUID) -> int:
    with reading() as session:
        asked = select(func.count()).where(
            col(ReportEvent.report_id) == report_id, col(ReportEvent.kind) == "comment"
        )
        return session.exec(asked).one()


def test_photos_are_added_after_those_that_are_there(hanako: Reporter) -> None:
    first, second = life.ready_photo(hanako), life.ready_photo(hanako, colour="red")
    report_id = life.post(hanako, photo_ids=(first,))
    assert add(hanako, report_id, photo_ids=[str(second)])
    with reading() as session:
        assert [photo.id for _, photo in photos_of(session, report_id)] == [first, second]


def test_nothing_is_no_comment(hanako: Reporter) -> None:
    with pytest.raises(ReportEmpty):
        add(hanako, life.post(hanako), text=" ")


def test_what_comes_again_under_its_id_is_written_once(hanako: Reporter) -> None:
    report_id = life.post(hanako)
    said = {"id": str(uuid7()), "text": "右側です。", "photo_ids": [str(life.ready_photo(hanako))]}
    assert [add(hanako, report_id, **said) for _ in range(2)] == [True, False]
    assert comments(report_id) == 1


def test_other_words_another_report_and_another_person_under_one_id_are_refused(hanako: Reporter) -> None:
    taro = people.resident("taro@example.jp")
    report_id, other_id = life.post(hanako), life.post(hanako, words="別の場所です。")
    said = {"id": str(uuid7()), "text": "右側です。"}
    add(hanako, report_id, **said)
    for who, where, changed in (
        (hanako, report_id, said | {"text": "左側です。"}),
        (hanako, other_id, said),
        (taro, life.post(taro), said),
    ):
        with pytest.raises(SaidIdTaken):
            add(who, where, **changed)
    assert comments(report_id) == 1


def test_without_an_id_each_is_new(hanako: Reporter) -> None:
    report_id = life.post(hanako)
    assert [add(hanako, report_id, text="右側です。") for _ in range(2)] == [True, True]
    assert comments(report_id) == 2
