from datetime import timedelta
from threading import Event, Thread
from unittest.mock import ANY
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from nerirepo.base import clock
from nerirepo.database.db import engine, public_reading, reading, transaction
from nerirepo.gateways import storage
from nerirepo.photos.tables import Photo
from nerirepo.publication import publish as publishing
from nerirepo.publication import read
from nerirepo.publication.rewrite import rewrite
from nerirepo.publication.tables import PublishedMedia, Withdrawn
from nerirepo.reports.status import Action, Status, Visibility
from nerirepo.reports.tables import PhotoRole, Report, ReportPhoto, ReportSubmission
from tests.factories.public_reports import (
    MONDAY,
    SECRET,
    add_event,
    add_photo,
    add_report,
    develop,
    publish_now,
)

pytestmark = pytest.mark.usefixtures("database", "storage")


def seen(report_id: UUID) -> read.PublicReport | read.TakenBack | None:
    with public_reading() as session:
        return read.one(session, str(report_id))


def item(report_id: UUID) -> read.PublicReport:
    found = seen(report_id)
    assert isinstance(found, dict)
    return found


def published_objects() -> list[str]:
    listed = storage.client().list_objects_v2(Bucket=storage.published_bucket())
    return sorted(each["Key"] for each in listed.get("Contents", ()))


@pytest.fixture(autouse=True)
def an_empty_bucket(storage: None) -> None:
    from nerirepo.gateways import storage as gateway

    for key in published_objects():
        gateway.client().delete_object(Bucket=gateway.published_bucket(), Key=key)


def hide(report_id: UUID) -> None:
    with transaction() as session:
        session.get_one(Report, report_id).visibility = Visibility.HIDDEN


def test_a_cleared_report_is_published_with_its_words_photos_and_history() -> None:
    with transaction() as session:
        report = add_report(session)
        add_photo(session, report)
        add_photo(session, report, role=PhotoRole.AFTER, position=1)
        add_event(session, report, "accept", to=Status.CHECKING, internal="隣が本人宅")
        add_event(session, report, "ask", note="電話番号を教えてください")
        add_event(session, report, "note", internal="内部")
        closed_at = MONDAY + timedelta(days=3)
        add_event(session, report, "resolve", to=Status.RESOLVED, at=closed_at, note="電球を取り替えました。")
        report.closed_at = closed_at
    publish_now(report.id)
    published = item(report.id)
    assert published["words"] == "街路灯が消えていて、夜は暗いです。"
    assert published["status_group"] == "after"
    assert [line["kind"] for line in published["timeline"]] == ["submit", "accept", "resolve"]
    assert [line["note"] for line in published["timeline"]] == [None, None, "電球を取り替えました。"]
    assert [photo["role"] for photo in published["photos"]] == ["before", "after"]
    assert published["point"] == {"lat": 35.7357, "lon": 139.6523}
    assert SECRET not in str(published)
    for photo in published["photos"]:
        for rendition in photo["renditions"].values():
            key = rendition["url"].removeprefix("/media/")
            assert key.endswith(".webp")
            with public_reading() as session:
                picture = read.picture(session, key)
            assert picture
            assert len(read.picture_bytes(key, picture)) == picture.bytes


def test_publishing_again_changes_nothing() -> None:
    with transaction() as session:
        report = add_report(session)
        add_photo(session, report)
    publish_now(report.id)
    first, objects = item(report.id), published_objects()
    publish_now(report.id)
    assert item(report.id) == first
    assert published_objects() == objects


def test_what_changes_is_published_anew() -> None:
    with transaction() as session:
        report = add_report(session)
    publish_now(report.id)
    before = item(report.id)
    with transaction() as session:
        report = session.get_one(Report, report.id)
        report.public_text = "街路灯が消えています。"
        add_event(session, report, "start", to=Status.IN_PROGRESS, expected_on="2026-11-20", photo_ids=["x"])
    publish_now(report.id)
    after = item(report.id)
    assert after["words"] == "街路灯が消えています。"
    assert after["updated_at"] > before["updated_at"]
    assert after["timeline"][-1]["facts"] == {"expected_on": "2026-11-20"}


def test_a_photo_that_was_not_cleared_never_reaches_the_published_bucket() -> None:
    with transaction() as session:
        report = add_report(session)
        add_photo(session, report, is_cleared=False)
    publish_now(report.id)
    assert item(report.id)["photos"] == []
    assert published_objects() == []


def test_a_photo_that_becomes_ready_later_is_added() -> None:
    with transaction() as session:
        report = add_report(session)
        photo = add_photo(session, report, is_ready=False)
    publish_now(report.id)
    assert item(report.id)["photos"] == []
    with transaction() as session:
        develop(session.get_one(Photo, photo.id))
    publish_now(report.id)
    assert len(item(report.id)["photos"]) == 1


def test_a_photo_that_is_cleared_no_longer_is_gone_and_its_objects_are_deleted_next() -> None:
    with transaction() as session:
        report = add_report(session)
        photo = add_photo(session, report)
    publish_now(report.id)
    with transaction() as session:
        session.get_one(ReportPhoto, (report.id, photo.id)).is_cleared = False
    publish_now(report.id)
    assert item(report.id)["photos"] == []
    with reading() as session:
        assert session.exec(select(PublishedMedia)).all() == []
        asked = session.execute(
            text("SELECT count(*) FROM jobs.procrastinate_jobs WHERE task_name = 'publish'")
        ).scalar()
    assert asked == 1
    publish_now(report.id)
    assert published_objects() == []


def test_hiding_takes_the_copy_and_its_media_away_at_once_and_its_objects_soon() -> None:
    with transaction() as session:
        report = add_report(session)
        add_photo(session, report)
    publish_now(report.id)
    key = item(report.id)["photos"][0]["url"].removeprefix("/media/")
    hide(report.id)
    assert seen(report.id) == read.TakenBack(report.number)
    with public_reading() as session:
        assert read.picture(session, key) is None
        assert read.newest(session).items == []
    publish_now(report.id)
    assert published_objects() == []
    with reading() as session:
        assert session.exec(select(Withdrawn.media_prefix)).all() == [""]


def test_a_report_that_is_shown_again_is_not_withdrawn_any_more() -> None:
    with transaction() as session:
        report = add_report(session)
        add_photo(session, report)
    publish_now(report.id)
    hide(report.id)
    publish_now(report.id)
    with transaction() as session:
        session.get_one(Report, report.id).visibility = Visibility.PUBLIC
    publish_now(report.id)
    assert len(item(report.id)["photos"]) == 1
    with reading() as session:
        assert session.exec(select(Withdrawn)).all() == []


def test_hiding_while_pictures_are_being_copied_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        report = add_report(session)
        add_photo(session, report)
    copying, hidden = Event(), Event()
    real_put = storage.put

    def slow_put(*arguments: object) -> None:
        copying.set()
        assert hidden.wait(10)
        real_put(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing.storage, "put", slow_put)
    worker = Thread(target=publish_now, args=(report.id,))
    worker.start()
    assert copying.wait(10)
    hide(report.id)
    hidden.set()
    worker.join(10)
    assert seen(report.id) is None
    monkeypatch.undo()
    publish_now(report.id)
    assert published_objects() == []


def test_hiding_that_is_being_committed_is_waited_for() -> None:
    with transaction() as session:
        report = add_report(session)
    worker = Thread(target=publish_now, args=(report.id,))
    with transaction() as session:
        session.get_one(Report, report.id).visibility = Visibility.HIDDEN
        session.flush()
        worker.start()
        while worker.is_alive() and not somebody_waits_for_a_lock():
            worker.join(0.01)
    worker.join(10)
    assert seen(report.id) is None


def somebody_waits_for_a_lock() -> bool:
    with reading() as session:
        return session.execute(text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")).scalar_one()


def test_two_publishing_at_once_leave_one_whole_copy() -> None:
    with transaction() as session:
        report = add_report(session)
        for position in range(3):
            add_photo(session, report, position=position)
    workers = [Thread(target=publish_now, args=(report.id,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert len(item(report.id)["photos"]) == 3
    assert len(published_objects()) == 9


def test_what_a_crash_has_left_in_the_bucket_is_deleted_by_the_next_run() -> None:
    with transaction() as session:
        report = add_report(session)
        add_photo(session, report)
    with Session(engine()) as session:  # and the machine stops before the commit
        publishing.publish(session, report.id)
    assert published_objects() != []
    hide(report.id)
    publish_now(report.id)
    assert published_objects() == []


def test_a_report_near_a_home_shows_its_town_only() -> None:
    with transaction() as session:
        report = add_report(session, hides_point=True)
    publish_now(report.id)
    assert item(report.id)["point"] is None
    assert item(report.id)["town"] == "豊玉北六丁目"


def test_a_point_that_the_desk_hides_is_gone_before_any_job_has_run() -> None:
    with transaction() as session:
        report = add_report(session)
    publish_now(report.id)
    before = item(report.id)
    with transaction() as session:
        session.get_one(Report, report.id).hides_point = True
    assert item(report.id) == before | {"point": None, "updated_at": ANY}
    publish_now(report.id)
    assert item(report.id)["point"] is None


def test_a_point_is_published_to_a_metre() -> None:
    with transaction() as session:
        report = add_report(session, location="SRID=4326;POINT(139.65223456789 35.73561234567)")
    publish_now(report.id)
    assert item(report.id)["point"] == {"lat": 35.73561, "lon": 139.65223}


def test_erasure_takes_words_point_and_photos_from_the_copy_in_its_own_transaction() -> None:
    with transaction() as session:
        report = add_report(session)
        add_photo(session, report)
        add_event(session, report, "accept", to=Status.CHECKING, note="確認します。")
    publish_now(report.id)
    with transaction() as session:
        session.get_one(ReportSubmission, report.id).erased_at = clock.now()
        assert rewrite(session, report.id)
    published = item(report.id)
    assert (published["words"], published["point"], published["photos"]) == ("", None, [])
    assert published["timeline"][-1]["note"] == "確認します。"
    publish_now(report.id)
    assert published_objects() == []


def test_a_duplicate_names_its_parent_only_while_that_is_public() -> None:
    with transaction() as session:
        parent = add_report(session)
        report = add_report(session, parent_id=parent.id, status=Status.DUPLICATE)
    publish_now(parent.id)
    publish_now(report.id)
    assert item(report.id)["parent_number"] == parent.number
    hide(parent.id)
    assert item(report.id)["parent_number"] is None


def test_a_report_that_nobody_has_screened_is_not_published() -> None:
    with transaction() as session:
        report = add_report(session, visibility=Visibility.PENDING, public_text=None)
    publish_now(report.id)
    assert seen(report.id) is None


def test_the_job_of_a_report_that_does_not_exist_does_nothing() -> None:
    publish_now(UUID(int=7))


def test_every_action_of_staff_is_either_public_or_kept_private_on_purpose() -> None:
    from nerirepo.publication.policy import PUBLIC_FACTS

    private = {Action.ASK, Action.REASSIGN, Action.RECATEGORISE, Action.EDIT_PUBLIC_TEXT, Action.READ}
    private |= {Action.PUBLISH, Action.HIDE, Action.FEATURE, Action.UNFEATURE, Action.UNDO_MERGE}
    assert set(Action) - set(PUBLIC_FACTS) == private


def test_the_more_reports_there_are_the_longer_their_counting_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        reports = [add_report(session) for _ in range(4)]
    with transaction() as session:
        session.execute(text("ANALYZE report"))
    monkeypatch.setattr(publishing, "REPORTS_A_SECOND", 0.1)
    with clock.at(MONDAY):
        publish_now(reports[0].id)
    with reading() as session:
        asked = session.execute(text("SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'count'"))
        assert asked.scalars().all() == [MONDAY + publishing.COUNTED_WITHIN + timedelta(seconds=40)]
