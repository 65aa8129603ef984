"""Between an event and its letter: who has left hears nothing, and nobody hears what is past."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlmodel import col, select

from nerirepo.database.db import transaction
from nerirepo.notifications import notify
from nerirepo.privacy.erase import erase
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.comment import Comment, comment
from nerirepo.reports.follow import follow, unfollow
from nerirepo.reports.tables import Report, ReportEvent
from nerirepo.reports.withdraw import withdraw
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("database", "storage")

HANAKO, JIRO = "hanako@example.jp", "jiro@example.jp"
CLOSED = {"public_note": "電球をかえました。", "no_photo_reason": "夜のため"}


def taken_back(report_id: UUID) -> None:
    with transaction() as session:
        withdraw(session, session.get_one(Report, report_id, with_for_update=True))


def no_letters(person: Reporter) -> None:
    with transaction() as session:
        session.merge(person).mail_updates = False


def gone(person: Reporter) -> None:
    with transaction() as session:
        erase(session, person.id)


def owed_and_then(happens: Callable[[], object]) -> None:
    """Letters are owed, `happens` comes between, and then they are sent."""
    life.notify_all()
    happens()
    life.send_all()


def subjects(mailbox: Path, to: str = HANAKO) -> list[str]:
    return [letter["Subject"].partition(":")[0] for letter in life.letters(mailbox, to)]


def a_followed_report(desk: Any) -> tuple[UUID, Reporter]:
    report_id = life.post(people.resident())
    follower = people.resident(JIRO)
    life.take_action(desk, report_id, "publish", public_text="暗い", photo_ids=[])
    with transaction() as session:
        follow(session, session.get_one(Report, report_id), follower.id)
    return report_id, follower


def unfollows(report_id: UUID, person: Reporter) -> None:
    with transaction() as session:
        unfollow(session, report_id, person.id)


@pytest.mark.parametrize("how", ["unfollowed", "mail off", "erased", "hidden"])
def test_a_follower_who_has_left_or_whose_report_is_hidden_hears_nothing(mailbox: Path, how: str) -> None:
    desk = people.member()
    report_id, follower = a_followed_report(desk)
    life.take_action(desk, report_id, "resolve", **CLOSED)

    def happens() -> None:
        match how:
            case "unfollowed":
                unfollows(report_id, follower)
            case "mail off":
                no_letters(follower)
            case "erased":
                gone(follower)
            case "hidden":
                life.take_action(desk, report_id, "hide", internal_note="個人情報")

    owed_and_then(happens)
    assert subjects(mailbox, JIRO) == []
    assert subjects(mailbox)[-1] == "対応が終わりました", "the reporter's own is another matter"


def test_a_follower_who_stays_hears_of_it(mailbox: Path) -> None:
    desk = people.member()
    report_id, _ = a_followed_report(desk)
    life.take_action(desk, report_id, "resolve", **CLOSED)
    owed_and_then(lambda: None)
    assert subjects(mailbox, JIRO) == ["対応が終わりました"]


@pytest.mark.parametrize("leave", [no_letters, gone])
def test_a_reporter_who_has_left_hears_nothing(mailbox: Path, leave: Callable[[Reporter], None]) -> None:
    reporter = people.resident()
    life.take_action(people.member(), life.post(reporter), "resolve", **CLOSED)
    owed_and_then(lambda: leave(reporter))
    assert subjects(mailbox) == []


def test_nobody_is_told_of_a_closing_once_the_report_is_open_again(mailbox: Path) -> None:
    desk, report_id = people.member(), life.post(people.resident())
    life.take_action(desk, report_id, "resolve", **CLOSED)
    owed_and_then(lambda: life.take_action(desk, report_id, "reopen", public_note="まちがえました。"))
    life.notify_all()
    life.send_all()
    assert subjects(mailbox) == ["投稿を受け付けました", "もう一度確認します"]


@pytest.mark.parametrize("how", ["answered", "started", "taken back"])
def test_a_question_is_not_asked_any_more_once_it_is_past(mailbox: Path, how: str) -> None:
    desk, reporter = people.member(), people.resident()
    report_id = life.post(reporter)
    life.take_action(desk, report_id, "ask", public_note="柱の番号は？")

    def happens() -> None:
        if how == "started":
            life.take_action(desk, report_id, "start")
        elif how == "taken back":
            taken_back(report_id)
        else:
            with transaction() as session:
                report = session.get_one(Report, report_id, with_for_update=True)
                comment(session, report, reporter.id, Comment(text="12番です"))

    owed_and_then(happens)
    assert subjects(mailbox) == ["投稿を受け付けました"]


def test_progress_of_a_report_that_was_taken_back_is_not_told(mailbox: Path) -> None:
    desk, report_id = people.member(), life.post(people.resident())
    life.take_action(desk, report_id, "accept")
    owed_and_then(lambda: taken_back(report_id))
    life.notify_all()
    life.send_all()
    assert subjects(mailbox) == ["投稿を受け付けました", "投稿を取り下げました"]


def test_a_department_does_not_hear_of_what_was_passed_on(mailbox: Path) -> None:
    report_id = life.post(people.resident(), category="road.pothole")
    owed_and_then(lambda: life.take_action(people.member(), report_id, "reassign", department="parks"))
    assert life.letters(mailbox, "roads@ward.example.jp") == []


def parent_and_child(desk: Any, *, is_public: bool) -> tuple[UUID, UUID]:
    parent, child = life.post(people.resident(JIRO), words="ひみつの言葉"), life.post(people.resident())
    if is_public:
        life.take_action(desk, parent, "publish", public_text="暗い", photo_ids=[])
    life.take_action(desk, child, "merge", parent_report=str(parent))
    return parent, child


def test_a_merge_opened_again_before_its_letter_left_is_not_told(
    mailbox: Path, travel: time_machine.Traveller
) -> None:
    desk = people.member()
    _, child = parent_and_child(desk, is_public=True)
    travel.shift(timedelta(minutes=11))
    owed_and_then(lambda: life.take_action(desk, child, "reopen", public_note="別のものでした。"))
    life.notify_all()
    life.send_all()
    assert subjects(mailbox) == ["投稿を受け付けました", "もう一度確認します"]


@pytest.mark.parametrize("is_public", [True, False])
def test_what_comes_of_the_parent_meanwhile_is_told_after_the_merge(
    mailbox: Path, travel: time_machine.Traveller, is_public: bool
) -> None:
    desk = people.member()
    parent, child = parent_and_child(desk, is_public=is_public)
    life.take_action(desk, parent, "resolve", **CLOSED)
    resolved = "対応が終わりました" if is_public else "まとめて対応していた投稿の結果"

    def notify_of(report_id: UUID) -> None:
        with transaction() as session:
            events = select(ReportEvent.id).where(ReportEvent.report_id == report_id)
            for event_id in session.exec(events.order_by(col(ReportEvent.seq))).all():
                notify.notify(session, event_id)

    notify_of(parent)  # the merge's own waits in the queue
    life.send_all()
    assert resolved not in subjects(mailbox)
    travel.shift(timedelta(minutes=10))
    notify_of(child)
    life.send_all()
    life.send_all()
    assert subjects(mailbox)[-2:] == ["同じ内容の投稿とまとめました", resolved]


def test_nothing_of_the_parent_is_told_when_the_merge_is_taken_back(
    mailbox: Path, travel: time_machine.Traveller
) -> None:
    desk = people.member()
    parent, child = parent_and_child(desk, is_public=False)
    life.take_action(desk, parent, "resolve", **CLOSED)
    life.take_action(desk, child, "reopen", internal_note="まちがえた")
    travel.shift(timedelta(minutes=10))
    life.notify_all()
    assert life.deliveries(template="merge") == []  # nor does a letter stand there that is then dropped
    life.send_all()
    assert subjects(mailbox) == ["投稿を受け付けました"]


def the_letter_about(mailbox: Path, start: str) -> EmailMessage:
    (found,) = [each for each in life.letters(mailbox, HANAKO) if each["Subject"].startswith(start)]
    return found


def test_who_sent_a_duplicate_of_what_is_not_public_hears_how_it_ended_and_nothing_else(
    mailbox: Path, travel: time_machine.Traveller
) -> None:
    desk = people.member()
    parent, child = parent_and_child(desk, is_public=False)
    travel.shift(timedelta(minutes=10))
    after = life.ready_photo(desk)
    life.take_action(desk, parent, "resolve", public_note="電球をかえました。", photo_ids=[str(after)])
    life.notify_all()
    life.send_all()
    letter = the_letter_about(mailbox, "まとめて対応していた投稿の結果")
    said = life.body(letter) + life.body(letter, "html")
    with transaction() as session:
        numbers = {each: session.get_one(Report, each).number for each in (parent, child)}
    assert numbers[child] in letter["Subject"]
    assert "対応済" in said
    for secret in (numbers[parent], "電球をかえました。", "ひみつの言葉"):
        assert secret not in said
        assert secret not in life.body(the_letter_about(mailbox, "同じ内容の投稿とまとめました"))
    assert [part.get_content_maintype() for part in letter.walk()].count("image") == 0


def test_a_duplicate_opened_again_hears_no_more_of_what_it_was_merged_into(
    mailbox: Path, travel: time_machine.Traveller
) -> None:
    desk = people.member()
    parent, child = parent_and_child(desk, is_public=False)
    travel.shift(timedelta(minutes=10))
    life.take_action(desk, parent, "resolve", **CLOSED)
    owed_and_then(lambda: life.take_action(desk, child, "reopen", internal_note="別のものでした"))
    assert "まとめて対応していた投稿の結果" not in subjects(mailbox)


def test_who_follows_later_is_not_told_of_what_was_before(
    mailbox: Path, travel: time_machine.Traveller
) -> None:
    desk, jiro = people.member(), people.resident(JIRO)
    report_id = life.post(people.resident())
    life.take_action(desk, report_id, "start", public_text="暗い", photo_ids=[])
    travel.shift(timedelta(seconds=1))
    with transaction() as session:
        follow(session, session.get_one(Report, report_id), jiro.id)
    life.take_action(desk, report_id, "resolve", **CLOSED)
    owed_and_then(lambda: None)
    assert subjects(mailbox, JIRO) == ["対応が終わりました"]
