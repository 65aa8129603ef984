"""What was promised and is not in the queue is asked for again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlmodel import select

from nerirepo.base import clock, work_files
from nerirepo.database.db import public_reading, reading, transaction
from nerirepo.gateways import storage
from nerirepo.publication.tables import Withdrawn
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import Report
from tests.factories import life, people
from tests.factories.public_reports import add_photo, add_report, publish_now
from workers.sweep import LATE, sweep

pytestmark = pytest.mark.usefixtures("database", "storage")


def public_pictures(prefix: str) -> int:
    listed = storage.client().list_objects_v2(Bucket=storage.published_bucket(), Prefix=prefix)
    return len(listed.get("Contents", ()))


def lose_what_was_asked_for() -> None:
    with transaction() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))


def test_pictures_of_what_was_withdrawn_are_deleted_though_nobody_asks(work: Callable[[], None]) -> None:
    with transaction() as session:
        report = add_report(session)
        add_photo(session, report)
    publish_now(report.id)
    with transaction() as session:
        session.get_one(Report, report.id).visibility = Visibility.HIDDEN
    lose_what_was_asked_for()
    with reading() as session:
        prefix = session.exec(select(Withdrawn.media_prefix)).one()
    assert public_pictures(prefix) > 0
    sweep()
    work()
    assert public_pictures(prefix) > 0, "it has a moment to be done by whoever was asked"
    with time_machine.travel(clock.now() + LATE + timedelta(seconds=1)):
        sweep()
    work()
    assert public_pictures(prefix) == 0
    lose_what_was_asked_for()
    with time_machine.travel(clock.now() + LATE + timedelta(minutes=1)):
        sweep()
    with reading() as session:
        left = session.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one()
    assert left == 0, "once is enough"


def asked_for(job: str) -> int:
    with reading() as session:
        asked = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :job")
        return session.execute(asked, {"job": job}).scalar_one()


def test_what_nobody_has_published_is_published_though_nobody_asks(work: Callable[[], None]) -> None:
    with transaction() as session:
        report = add_report(session, updated_at=clock.now())
    lose_what_was_asked_for()
    sweep()
    assert asked_for("publish") == 0, "it has a moment to be done by whoever was asked"
    with time_machine.travel(clock.now() + LATE + timedelta(seconds=1)):
        sweep()
        sweep()
    assert asked_for("publish") == 1
    work()
    with public_reading() as session:
        assert session.execute(text("SELECT id FROM report")).scalars().all() == [report.id]


def test_a_photo_that_nobody_makes_ready_is_asked_for_again() -> None:
    life.ready_photo(people.resident(), is_ready=False)
    life.ready_photo(people.resident("jiro@example.jp"))
    sweep()
    assert asked_for("process_photo") == 0, "it has a moment to be done by whoever was asked"
    with time_machine.travel(clock.now() + LATE + timedelta(seconds=1)):
        sweep()
        sweep()
    assert asked_for("process_photo") == 1


def test_it_clears_what_killed_processes_left(monkeypatch: pytest.MonkeyPatch) -> None:
    cleared = []
    monkeypatch.setattr(work_files, "clear_abandoned", lambda: cleared.append(1))
    sweep()
    assert cleared == [1]
