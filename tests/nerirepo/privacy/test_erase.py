"""Stories of leaving: nothing of the person stays, and the fact that something was broken does."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from nerirepo.base import clock
from nerirepo.database.db import public_reading, transaction
from nerirepo.gateways import storage
from nerirepo.notifications import notify
from nerirepo.photos.tables import Photo
from nerirepo.privacy.erase import erase
from nerirepo.privacy.export import export
from nerirepo.publication.publish import publish
from nerirepo.reporters import devices, profile, sign_in
from nerirepo.reporters.tables import Reporter
from nerirepo.reports import follow
from nerirepo.reports.claim import ReportErased
from nerirepo.reports.comment import Comment, comment
from nerirepo.reports.disclose_contact import disclose_contact
from nerirepo.reports.feedback import Opinion, give_feedback
from nerirepo.reports.submit import submit
from nerirepo.reports.tables import Report, ReportOriginal, ReportPhoto, ReportSubmission
from nerirepo.staff.tables import ContactDisclosure, Member
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("database", "storage")

COMMENT = "電柱のそばです。"
OPINION = "まだ暗いです。"
EMAIL = "hanako@example.jp"


def every_word() -> str:
    """All that the database holds, but for the queue, as one text."""
    with transaction() as session:
        tables = session.execute(
            text("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'published')")
        )
        return "\n".join(
            str(session.execute(text(f'SELECT * FROM {schema}."{table}"')).all())
            for schema, table in tables
            if table != "spatial_ref_sys"
        )


def delete_what_was_asked_for() -> None:
    asked = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'delete_objects'")
    with transaction() as session:
        for args in session.execute(asked).scalars():
            storage.delete_below(**args)


def publish_now(report_id: UUID) -> None:
    with transaction() as session:
        publish(session, report_id)


def a_full_life() -> tuple[Reporter, str, UUID, UUID]:
    """Somebody who signed in, posted with a photo, commented, follows another's report and had her say."""
    with transaction() as session:
        challenge = sign_in.begin(session, email=EMAIL, locale="ja", client="x")
    with transaction() as session:
        notify.send_code(session, challenge.id)
        signed_in = sign_in.raise_if_refused(
            sign_in.finish(
                session,
                challenge.id,
                sign_in.code_of(challenge.id),
                nickname="はなこ",
                eligibility="lives",  # type: ignore[arg-type]
            )
        )
    hanako, desk = signed_in.reporter, people.member()
    own = life.post(hanako, photo_ids=(photo := life.ready_photo(hanako),))
    others = life.post(people.resident("jiro@example.jp", nickname="じろう"), words="ちかちかします。")
    life.take_action(
        desk, own, "accept", public_text="暗いです。", photo_ids=[str(photo)], public_note="見ます。"
    )
    life.take_action(desk, others, "resolve", public_note="なおしました。", no_photo_reason="夜のため")
    with transaction() as session:
        comment(session, session.get_one(Report, own, with_for_update=True), hanako.id, Comment(text=COMMENT))
        report = session.get_one(Report, others, with_for_update=True)
        follow.follow(session, report, hanako.id)
        said = Opinion(fixed=False, comment=OPINION, photo_ids=(life.ready_photo(hanako),))
        give_feedback(session, report, hanako.id, said, is_own=False)
    life.notify_all()
    publish_now(own)
    return hanako, signed_in.token, own, others


def published(report_id: UUID) -> Any:
    with public_reading() as session:
        return session.execute(
            text("SELECT number, words, point, photos, timeline FROM report WHERE id = :id"),
            {"id": report_id},
        ).one_or_none()


def test_after_erasure_nothing_in_the_database_or_the_store_is_the_persons() -> None:
    hanako, token, _, _ = a_full_life()
    traces = (EMAIL, "はなこ", life.WORDS, COMMENT, OPINION, str(hanako.id))
    before = every_word()
    assert all(trace in before for trace in (*traces, "暗いです。"))
    with transaction() as session:
        photos = session.exec(select(Photo.id)).all()
    assert len(life.objects_of(*photos)) == 4
    with transaction() as session:
        erase(session, hanako.id)
        erase(session, hanako.id)
    after = every_word()
    for trace in (*traces, "暗いです。", repr(hanako.id)):
        assert trace not in after, trace
    assert "じろう" in after
    delete_what_was_asked_for()
    assert life.objects_of(*photos) == []
    with transaction() as session, pytest.raises(Exception, match="sign in"):
        devices.signed_in(session, token)
    with transaction() as session, pytest.raises(profile.ReporterErased):
        profile.of(session, hanako.id)


def test_a_photo_that_is_made_ready_while_its_owner_leaves_is_deleted_once_more() -> None:
    hanako = people.resident()
    photo = life.ready_photo(hanako)
    with transaction() as session:
        erase(session, hanako.id)

    def delete_what_is_due(after: timedelta) -> None:
        due = text(
            "DELETE FROM procrastinate_jobs WHERE task_name = 'delete_objects'"
            " AND coalesce(scheduled_at, '-infinity') <= :by RETURNING args"
        )
        with transaction() as session:
            for args in session.execute(due, {"by": clock.now() + after}).scalars().all():
                storage.delete_below(**args)

    delete_what_is_due(timedelta(minutes=50))
    assert life.objects_of(photo) == []
    storage.put(storage.private_bucket(), f"photos/{photo}/large", b"made ready meanwhile", "image/webp")
    delete_what_is_due(timedelta(minutes=61))
    assert life.objects_of(photo) == []


def test_the_fact_stays_public_without_the_person_and_at_once() -> None:
    hanako, _, own, _ = a_full_life()
    before = published(own)
    assert before.words == "暗いです。"
    assert before.point is not None
    with transaction() as session:
        erase(session, hanako.id)
    for _ in range(2):
        after = published(own)
        assert (after.number, after.words, after.point, after.photos) == (before.number, "", None, [])
        assert "見ます。" in str(after.timeline)
        publish_now(own)


def test_an_open_report_stays_in_the_worklist_and_its_repeat_is_gone() -> None:
    hanako, _, own, _ = a_full_life()
    with transaction() as session:
        erase(session, hanako.id)
        report = session.get_one(Report, own)
        assert report.status == "checking"
        assert report.town
        standing = session.get_one(ReportSubmission, own)
        assert standing.receipt is None
        assert standing.erased_at
    newcomer = people.resident()
    submission = life.a_submission()
    with transaction() as session:
        session.get_one(ReportSubmission, own).content_sha256 = submission.sha256()
    with transaction() as session, pytest.raises(ReportErased):
        submit(session, newcomer, own, submission)


def test_letters_that_were_still_owed_are_not_sent(mailbox: Any) -> None:
    hanako, _, _, _ = a_full_life()
    with transaction() as session:
        erase(session, hanako.id)
    assert {each.state for each in life.deliveries(address=None)} == {"dropped"}, "before anybody tries"
    life.send_all()
    assert life.letters(mailbox, EMAIL) == []
    assert life.letters(mailbox, "jiro@example.jp") != []


def test_another_persons_report_keeps_all_but_what_the_erased_person_added() -> None:
    hanako, _, _, others = a_full_life()
    with transaction() as session:
        photos = select(ReportPhoto).where(ReportPhoto.report_id == others)
        assert len(session.exec(photos).all()) == 1
        erase(session, hanako.id)
        assert session.exec(photos).all() == []
        assert session.get_one(Report, others).location is not None
        assert session.get_one(ReportOriginal, others).description == "ちかちかします。"


def test_an_export_holds_everything_that_is_the_persons_and_nothing_of_others() -> None:
    hanako, _, own, others = a_full_life()
    with transaction() as session:
        told = export(session, hanako.id)
    everything = str(told)
    for mine in (EMAIL, "はなこ", life.WORDS, COMMENT, OPINION, str(own), str(others), "139.6542"):
        assert mine in everything, mine
    for other in ("jiro", "じろう", "山田", "Xid8", "token"):
        assert other not in everything, other
    assert {name: len(part) for name, part in told.items() if isinstance(part, list)} == {
        "devices": 1,
        "sign_ins": 1,
        "reports": 1,
        "words": 2,
        "photos": 2,
        "follows": 1,
        "feedback": 1,
        "letters": 3,
        "contact_read_by_staff": 0,
    }
    assert told["reports"][0]["receipt"]["number"] == told["reports"][0]["number"]


def test_what_colleagues_told_each_other_of_the_person_goes_and_what_the_ward_told_the_public_stays() -> None:
    hanako, _, own, others = a_full_life()
    desk = people.member()
    said = "山田はなこさんに090-1234-5678へ電話"
    life.take_action(desk, own, "note", internal_note=said)
    life.take_action(desk, others, "note", internal_note="柱の番号は12")
    with transaction() as session:
        disclose_contact(session, session.get_one(Member, desk.id), own, "山田さんへ折り返す")
        disclose_contact(session, session.get_one(Member, desk.id), others, "部品の色をたずねる")
    before = every_word()
    assert said in before
    assert "山田さんへ折り返す" in before
    with transaction() as session:
        erase(session, hanako.id)
    after = every_word()
    assert said not in after
    assert "山田さんへ折り返す" not in after
    for stays in ("見ます。", "柱の番号は12", "部品の色をたずねる"):
        assert stays in after
    with transaction() as session:
        read = session.exec(select(ContactDisclosure).where(ContactDisclosure.report_id == own)).one()
        assert (read.member_id, read.reason) == (desk.id, ""), "who looked, and when, stays"
