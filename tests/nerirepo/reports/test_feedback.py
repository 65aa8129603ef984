"""Glad it is fixed, or not: who opens a report again, who confirms a repair, and what an answer is asked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlmodel import col, select

from nerirepo.base.ids import uuid7
from nerirepo.database.db import reading, transaction
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.feedback import Heard, NotClosedYet, Opinion, OtherQuestion, give_feedback
from nerirepo.reports.find import ReportNotFound
from nerirepo.reports.follow import follow
from nerirepo.reports.once import SaidIdTaken
from nerirepo.reports.own import own_or_followed
from nerirepo.reports.status import MoveNotPossible, Status, Visibility
from nerirepo.reports.tables import Feedback, Report, ReportEvent
from nerirepo.reports.withdraw import withdraw
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("database", "storage")

ANSWERS: dict[str, dict[str, Any]] = {
    "decline": {"public_note": "私有地です。", "reason_code": "private_land"},
    "hand_over": {"manager": "tokyo_roads"},
    "merge": {},
}


@pytest.fixture
def hanako(database: object) -> Reporter:
    return people.resident()


@pytest.fixture
def taro(database: object) -> Reporter:
    return people.resident("taro@example.jp")


def resolved(reporter: Reporter, *, days_ago: int = 0) -> UUID:
    """A public report whose damage was repaired."""
    report_id, desk = life.post(reporter), people.member()
    life.take_action(desk, report_id, "accept", public_text="道路の穴")
    life.take_action(desk, report_id, "resolve", public_note="ふさぎました。", no_photo_reason="dark")
    with transaction() as session:
        report = session.get_one(Report, report_id)
        assert report.closed_at
        report.closed_at -= timedelta(days=days_ago)
    return report_id


def answered(reporter: Reporter, action: str) -> UUID:
    """A report that was closed without a repair."""
    report_id = life.post(reporter)
    parent = {"parent_report": str(life.post(people.resident("p@example.jp")))} if action == "merge" else {}
    life.take_action(people.member(), report_id, action, **ANSWERS[action] | parent)
    return report_id


def followed(report_id: UUID, by: Reporter) -> UUID:
    with transaction() as session:
        follow(session, session.get_one(Report, report_id), by.id)
    return report_id


def say(who: Reporter, report_id: UUID, *, knows_helped: bool = True, **opinion: Any) -> Heard:
    with transaction() as session:
        report, is_own = own_or_followed(session, str(report_id), who.id)
        said = Opinion.model_validate(opinion)
        return give_feedback(session, report, who.id, said, is_own=is_own, knows_helped=knows_helped)


def is_confirmed(report_id: UUID) -> bool:
    with reading() as session:
        return session.get_one(Report, report_id).confirmed_fixed_at is not None


def reopenings(report_id: UUID) -> int:
    with reading() as session:
        asked = select(ReportEvent).where(
            col(ReportEvent.report_id) == report_id, col(ReportEvent.kind) == "reopen"
        )
        return len(session.exec(asked).all())


def test_not_fixed_opens_the_report_again_once(hanako: Reporter) -> None:
    report_id = resolved(hanako, days_ago=13)
    heard = [say(hanako, report_id, fixed=False, comment="まだ深い") for _ in range(2)]
    assert heard[0] == heard[1], "a phone repeats itself"
    assert (heard[0].status, heard[0].has_reopened) == (Status.CHECKING, True)
    assert reopenings(report_id) == 1


def test_not_fixed_with_a_photo_is_heard_once_too(hanako: Reporter) -> None:
    report_id = resolved(hanako)
    opinion = {"fixed": False, "comment": "まだ深い", "photo_ids": [str(life.ready_photo(hanako))]}
    assert say(hanako, report_id, **opinion) == say(hanako, report_id, **opinion)
    assert reopenings(report_id) == 1


def test_after_two_weeks_it_is_written_down_and_a_new_report_is_offered(hanako: Reporter) -> None:
    heard = say(hanako, resolved(hanako, days_ago=15), fixed=False, comment="またこわれた")
    assert (heard.status, heard.has_reopened, heard.offers_new_report) == (Status.RESOLVED, False, True)
    with reading() as session:
        said = session.exec(select(Feedback)).one()
    assert (said.is_fixed, said.comment) == (False, "またこわれた")


def test_what_comes_again_under_its_id_is_answered_as_it_was(hanako: Reporter) -> None:
    report_id, desk = resolved(hanako), people.member()
    opinion = {"id": str(uuid7()), "fixed": False, "comment": "まだ深い"}
    first = say(hanako, report_id, **opinion)
    life.take_action(desk, report_id, "start")  # the report moves on; what was said does not
    life.take_action(desk, report_id, "resolve", public_note="ふさぎました。", no_photo_reason="dark")
    assert say(hanako, report_id, **opinion) == first
    assert reopenings(report_id) == 1
    with pytest.raises(SaidIdTaken):
        say(hanako, report_id, **opinion | {"fixed": True})


def test_glad_it_is_fixed_is_confirmed_by_the_sender_alone(hanako: Reporter, taro: Reporter) -> None:
    report_id = followed(resolved(hanako), by=taro)
    assert not say(taro, report_id, fixed=True).offers_new_report
    assert not is_confirmed(report_id)
    say(hanako, report_id, fixed=True)
    assert is_confirmed(report_id)


def test_a_follower_s_not_fixed_is_written_down_and_opens_nothing(hanako: Reporter, taro: Reporter) -> None:
    heard = say(taro, followed(resolved(hanako), by=taro), fixed=False)
    assert (heard.status, heard.has_reopened, heard.offers_new_report) == (Status.RESOLVED, False, True)


def test_a_follower_of_an_answer_cannot_confirm_it_either(hanako: Reporter, taro: Reporter) -> None:
    report_id = followed(answered(hanako, "decline"), by=taro)
    with transaction() as session:
        session.get_one(Report, report_id).visibility = Visibility.PUBLIC
    with pytest.raises(OtherQuestion):
        say(taro, report_id, fixed=True)
    assert not say(taro, report_id, helped=False).has_reopened


def test_strangers_and_followers_of_what_was_hidden_say_nothing(hanako: Reporter, taro: Reporter) -> None:
    report_id = resolved(hanako)
    with pytest.raises(ReportNotFound):
        say(taro, report_id, fixed=True)
    followed(report_id, by=taro)
    with transaction() as session:
        session.get_one(Report, report_id).visibility = Visibility.HIDDEN
    with pytest.raises(ReportNotFound):
        say(taro, report_id, fixed=True)


def test_a_report_that_is_not_closed_says_how_it_stands(hanako: Reporter) -> None:
    with pytest.raises(NotClosedYet) as refused:
        say(hanako, life.post(hanako), fixed=True)
    assert refused.value.facts == {"report_status": Status.RECEIVED}


def test_a_good_deed_waits_for_no_opinion(hanako: Reporter) -> None:
    report_id = life.post(hanako, category="deed.cleanup")
    life.take_action(people.member(), report_id, "thank", public_note="ありがとうございます。")
    with pytest.raises(MoveNotPossible):
        say(hanako, report_id, fixed=True)


@pytest.mark.parametrize("fixed", [True, False])
def test_who_took_a_report_back_has_no_opinion_of_a_repair(hanako: Reporter, fixed: bool) -> None:
    report_id = life.post(hanako)
    with transaction() as session:
        withdraw(session, session.get_one(Report, report_id))
    with pytest.raises(MoveNotPossible) as refused:
        say(hanako, report_id, fixed=fixed)
    assert refused.value.facts == {"report_status": Status.WITHDRAWN}
    with reading() as session:
        assert session.exec(select(Feedback)).all() == []


@pytest.mark.parametrize("action", ANSWERS)
def test_what_was_closed_by_an_answer_is_not_confirmed_as_fixed(hanako: Reporter, action: str) -> None:
    report_id = answered(hanako, action)
    with pytest.raises(OtherQuestion):
        say(hanako, report_id, fixed=True)
    heard = say(hanako, report_id, helped=True)
    assert not heard.has_reopened
    assert not heard.offers_new_report
    assert not is_confirmed(report_id)


def test_an_app_that_does_not_know_helped_says_so_by_being_glad(hanako: Reporter) -> None:
    report_id = answered(hanako, "decline")
    for _ in range(2):
        say(hanako, report_id, fixed=True, knows_helped=False)
    assert not is_confirmed(report_id)
    with reading() as session:
        said = session.exec(select(Feedback)).one()
    assert (said.is_fixed, said.helped) == (False, True)


def test_of_a_repair_it_is_asked_whether_it_is_fixed(hanako: Reporter) -> None:
    report_id = resolved(hanako)
    with pytest.raises(OtherQuestion):
        say(hanako, report_id, helped=True)
    say(hanako, report_id, fixed=True)
    assert is_confirmed(report_id)


def test_helped_and_then_repaired_counts_for_nothing_until_the_repair_is_judged(hanako: Reporter) -> None:
    report_id = answered(hanako, "hand_over")
    say(hanako, report_id, helped=True)
    life.take_action(
        people.member(), report_id, "resolve", public_note="なおりました。", no_photo_reason="先方の工事"
    )
    assert not is_confirmed(report_id)
    say(hanako, report_id, fixed=True)
    assert is_confirmed(report_id)


@pytest.mark.parametrize("opinion", [{}, {"fixed": True, "helped": True}, {"fixed": None}])
def test_an_opinion_says_one_thing(opinion: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Opinion.model_validate(opinion)
