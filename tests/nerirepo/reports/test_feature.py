"""The desk shows an example of what a report can do, and takes it back."""

from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from nerirepo.base.ids import uuid7
from nerirepo.database import db
from nerirepo.publication.publish import publish
from nerirepo.publication.tables import PublishedReport
from nerirepo.reports.feature import NothingToShow
from nerirepo.reports.permissions import ActionNotAllowed
from nerirepo.reports.status import MoveNotPossible
from nerirepo.staff.roles import Role
from tests.factories import Person, a_member, a_reporter, send_photo, send_report, take_action


@pytest.fixture
def desk() -> Person:
    return a_member(Role.DESK)


def a_repair(client: TestClient, desk: Person, *, is_published: bool = True) -> str:
    """The id of a report with a photo of before and of after."""
    reporter = a_reporter(email=f"{uuid7()}@example.jp")
    photo_id = send_photo(client, reporter)
    report_id: str = send_report(client, reporter, photo_ids=[photo_id]).json()["receipt"]["report_id"]
    if is_published:
        take_action(desk, report_id, "accept", public_text="道路に穴があります。", photo_ids=[photo_id])
    after_id = send_photo(client, desk, door="/staff")
    take_action(desk, report_id, "resolve", public_note="穴をふさぎました。", photo_ids=[after_id])
    return report_id


def is_shown(report_id: str) -> bool:
    with db.transaction() as session:
        publish(session, UUID(report_id))
    with db.reading() as session:
        chosen = select(PublishedReport.is_featured).where(PublishedReport.id == UUID(report_id))
        return session.exec(chosen).one()


def test_a_chosen_repair_is_shown_until_it_is_taken_out(client: TestClient, desk: Person) -> None:
    report_id = a_repair(client, desk)
    assert not is_shown(report_id)
    take_action(desk, report_id, "feature")
    assert is_shown(report_id)
    take_action(desk, report_id, "unfeature")
    assert not is_shown(report_id)


def test_a_repair_that_did_not_last_is_no_example(client: TestClient, desk: Person) -> None:
    report_id = a_repair(client, desk)
    take_action(desk, report_id, "feature")
    take_action(desk, report_id, "reopen", internal_note="また穴があいたと電話がありました")
    assert not is_shown(report_id)


def test_what_the_public_does_not_see_cannot_be_an_example(client: TestClient, desk: Person) -> None:
    report_id = a_repair(client, desk, is_published=False)
    with pytest.raises(NothingToShow):
        take_action(desk, report_id, "feature")
    take_action(desk, report_id, "publish", public_text="道路に穴があります。", photo_ids=[])
    with pytest.raises(NothingToShow):  # without the picture of before
        take_action(desk, report_id, "feature")


def test_only_what_is_repaired_is_an_example_and_only_the_desk_chooses(
    client: TestClient, desk: Person
) -> None:
    waiting: str = send_report(client, a_reporter()).json()["receipt"]["report_id"]
    with pytest.raises(MoveNotPossible):
        take_action(desk, waiting, "feature")
    with pytest.raises(ActionNotAllowed):
        take_action(a_member(Role.FIELD, "roads"), a_repair(client, desk), "feature")
