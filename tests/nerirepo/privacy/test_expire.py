"""Stories of forgetting in time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import text
from sqlmodel import select

from nerirepo.base import clock
from nerirepo.database.db import transaction
from nerirepo.gateways import storage
from nerirepo.notifications import follow_by_mail, notify
from nerirepo.notifications.tables import CauseKind
from nerirepo.photos.tables import Photo
from nerirepo.privacy.expire import expire
from nerirepo.reporters import sign_in
from nerirepo.reporters.tables import Challenge, Device, Reporter
from nerirepo.reports.comment import Comment, comment
from nerirepo.reports.disclose_contact import disclose_contact
from nerirepo.reports.feedback import Opinion, give_feedback
from nerirepo.reports.tables import EventText, Feedback, Report, ReportOriginal
from nerirepo.staff import sessions
from nerirepo.staff.tables import ContactDisclosure, Member
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("database", "storage")


def night(after: timedelta) -> None:
    """The night's work, twice, so many days from now."""
    with time_machine.travel(clock.now() + after + timedelta(days=1)):
        for _ in range(2):
            with transaction() as session:
                expire(session, clock.today_in_japan())


def how_many(table: str) -> int:
    with transaction() as session:
        return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def notes_of_staff(report_id: UUID) -> int:
    """Internal notes and reasons of looking at contact data, as far as they still hold words."""
    with transaction() as session:
        notes = session.execute(
            text(
                "SELECT count(*) FROM event_text JOIN report_event ON event_seq = seq"
                " WHERE report_id = :report_id AND internal_note <> ''"
            ),
            {"report_id": report_id},
        ).scalar_one()
        reasons = session.execute(
            text("SELECT count(*) FROM contact_disclosure WHERE report_id = :report_id AND reason <> ''"),
            {"report_id": report_id},
        ).scalar_one()
    return notes + reasons


def test_who_read_contact_data_is_kept_for_three_years_and_no_longer() -> None:
    desk, report_id = people.member(), life.post(people.resident())
    now = clock.now()
    with transaction() as session:
        for days in (1094, 1096):
            at = now - timedelta(days=days)
            session.add(ContactDisclosure(member_id=desk.id, report_id=report_id, reason=str(days), at=at))
    for _ in range(2):
        with transaction() as session:
            expire(session, clock.today_in_japan())
        with transaction() as session:
            assert session.exec(select(ContactDisclosure.reason)).all() == ["1094"]


def deletions() -> list[dict[str, Any]]:
    asked = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'delete_objects' ORDER BY id")
    with transaction() as session:
        return list(session.execute(asked).scalars())


def test_a_sign_in_is_forgotten_after_a_day_and_a_device_a_year_after_its_last_use(mailbox: Any) -> None:
    with transaction() as session:
        challenge = sign_in.begin(session, email="hanako@example.jp", locale="ja", client="x")
    with transaction() as session:
        notify.send_code(session, challenge.id)
    life.send_all()
    with transaction() as session:
        sign_in.raise_if_refused(sign_in.finish(session, challenge.id, sign_in.code_of(challenge.id)))
    night(timedelta(hours=-24))
    assert (how_many("challenge"), how_many("rate_log")) == (1, 5)
    night(timedelta(days=1))
    assert (how_many("challenge"), how_many("rate_log"), how_many("device")) == (0, 0, 1)
    assert [each.address for each in life.deliveries()] == [None]
    night(timedelta(days=366))
    with transaction() as session:
        assert session.exec(select(Device)).all() == []
        assert session.exec(select(Challenge)).all() == []
        assert len(session.exec(select(Reporter)).all()) == 1


def test_the_address_of_a_letter_is_forgotten_after_a_season_unless_it_is_still_owed(mailbox: Any) -> None:
    reporter = people.resident()
    life.post(reporter)
    life.notify_all()
    life.send_all()
    life.post(reporter, words="まだ暗いです。")
    life.notify_all()
    night(timedelta(days=89))
    assert [each.address for each in life.deliveries()] == [reporter.email] * 2
    night(timedelta(days=91))
    assert [each.address for each in life.deliveries()] == [None, reporter.email]


def test_a_photo_that_was_never_used_is_deleted_after_a_month() -> None:
    reporter = people.resident()
    used, unused = life.ready_photo(reporter), life.ready_photo(reporter)
    life.post(reporter, photo_ids=(used,))
    night(timedelta(days=29))
    assert how_many("photo") == 2
    night(timedelta(days=31))
    with transaction() as session:
        assert session.exec(select(Photo.id)).all() == [used]
    assert [each["prefix"] for each in deletions()] == [f"photos/{unused}/"]


def test_a_year_after_closing_the_original_words_and_photos_go_and_what_is_public_stays() -> None:
    reporter, desk = people.resident(), people.member()
    cleared, other = life.ready_photo(reporter), life.ready_photo(reporter)
    with transaction() as session:
        session.get_one(Photo, cleared).suggestion = {"lat": 35.7}
    closed = life.post(reporter, photo_ids=(cleared, other))
    still_open = life.post(reporter)
    with transaction() as session:
        comment(
            session, session.get_one(Report, closed, with_for_update=True), reporter.id, Comment(text="あ")
        )
    life.take_action(desk, closed, "accept", public_text="暗いです。", photo_ids=[str(cleared)])
    life.take_action(desk, closed, "resolve", public_note="なおしました。", no_photo_reason="夜のため")
    for each in (closed, still_open):
        life.take_action(desk, each, "note", internal_note="田中さんの家の前")
        with transaction() as session:
            disclose_contact(session, session.get_one(Member, desk.id), each, "田中さんにたずねる")
    night(timedelta(days=364))
    with transaction() as session:
        assert session.get_one(ReportOriginal, closed).description == life.WORDS
    assert (notes_of_staff(closed), notes_of_staff(still_open)) == (2, 2)
    night(timedelta(days=366))
    assert (notes_of_staff(closed), notes_of_staff(still_open)) == (0, 2)
    with transaction() as session:
        emptied = session.get_one(ReportOriginal, closed)
        assert (emptied.description, emptied.accuracy_m, emptied.reporter_id) == ("", None, reporter.id)
        assert session.get_one(ReportOriginal, still_open).description == life.WORDS
        assert session.get_one(Report, closed).public_text == "暗いです。"
        notes = session.exec(select(EventText)).all()
        assert {each.reporter_words for each in notes} == {None}
        assert "なおしました。" in {each.public_note for each in notes}
        assert session.exec(select(Photo.id)).all() == [cleared]
        assert session.get_one(Photo, cleared).suggestion is None
    for args in deletions():
        storage.delete_below(**args)
    assert life.objects_of(cleared, other) == [f"{cleared}/mail"]


def test_somebody_who_has_not_come_back_for_three_years_is_erased() -> None:
    life.post(people.resident())
    night(timedelta(days=3 * 365 - 1))
    assert how_many("reporter") == 1
    night(timedelta(days=3 * 365 + 1))
    assert (how_many("reporter"), how_many("report"), how_many("report_original")) == (0, 1, 0)


def test_a_staff_session_is_forgotten_when_it_has_ended() -> None:
    desk = people.member()
    with transaction() as session:
        sessions.open_session(session, desk.id)
    night(-timedelta(days=1))
    assert how_many("staff_session") == 1
    night(sessions.IDLE)
    assert how_many("staff_session") == 0


def test_what_somebody_said_of_a_repair_is_kept_without_its_words_a_year_after_closing() -> None:
    reporter, desk = people.resident(), people.member()
    report_id = life.post(reporter)
    life.take_action(desk, report_id, "resolve", public_note="なおしました。", no_photo_reason="夜のため")
    with transaction() as session:
        report = session.get_one(Report, report_id, with_for_update=True)
        give_feedback(
            session, report, reporter.id, Opinion(fixed=True, comment="たすかりました"), is_own=True
        )
    for after, words in ((364, "たすかりました"), (366, "")):
        night(timedelta(days=after))
        with transaction() as session:
            said = session.exec(select(Feedback)).one()
            assert (said.is_fixed, said.comment) == (True, words)


def test_the_address_to_which_a_link_for_following_went_is_forgotten_after_a_day(mailbox: Any) -> None:
    report_id = life.post(people.resident())
    life.take_action(people.member(), report_id, "accept", public_text="暗いです。")
    with transaction() as session:
        report = session.get_one(Report, report_id)
        follow_by_mail.ask(session, report, email="jiro@example.jp", locale="ja", client="x")
    life.send_all()
    for after, address in ((timedelta(hours=-24), "jiro@example.jp"), (timedelta(days=1), None)):
        night(after)
        followed = [each for each in life.deliveries() if each.cause_kind == CauseKind.FOLLOW]
        assert [each.address for each in followed] == [address]
