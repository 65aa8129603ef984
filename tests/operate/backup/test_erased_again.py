"""Back up, erase, restore to before: who has left does not come back."""

import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from nerirepo.database.db import engine, reading, transaction
from nerirepo.gateways import storage
from nerirepo.privacy import erasures
from nerirepo.privacy.erase import erase
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.tables import Report, ReportOriginal
from operate.backup import restore
from operate.backup.photo_copy import copy_out
from operate.embedded import postgres
from operate.home import Home
from tests.conftest import _delete_rows
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("storage")


def as_superuser(database: Path, program: str, *words: str) -> None:
    url = postgres.url(database / "postgres", postgres.SUPERUSER)
    subprocess.run([postgres.program(program), *words, url], check=True, capture_output=True)


def go_back(database: Path, dump: Path) -> None:
    """The database as it was when `dump` was made."""
    engine().dispose()
    _delete_rows(database, keep=set(), keep_published=set())
    as_superuser(database, "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={dump}", "--dbname")


@pytest.mark.parametrize("lost", [False, True], ids=["the store stands", "the store is lost"])
def test_whoever_has_left_is_erased_again_by_the_restore(
    database: Path, work: Callable[[], None], tmp_path: Path, lost: bool
) -> None:
    hanako, jiro = people.resident(), people.resident("jiro@example.jp")
    photo = life.ready_photo(hanako)
    hers, his = life.post(hanako, photo_ids=(photo,)), life.post(jiro)
    dump, folder = tmp_path / "dump.sql", tmp_path / "backup"
    tables = ["--exclude-table=spatial_ref_sys", "--exclude-table=alembic_version"]
    as_superuser(
        database, "pg_dump", "--data-only", "--disable-triggers", *tables, f"--file={dump}", "--dbname"
    )
    copy_out(folder)
    with transaction() as session:
        erase(session, hanako.id)
    work()
    assert erasures.recorded() == [hanako.id]
    copy_out(folder)
    if lost:
        for prefix in ("photos/", erasures.PREFIX):
            storage.delete_below(storage.private_bucket(), prefix)

    go_back(database, dump)
    with reading() as session:
        assert session.get(Reporter, hanako.id)
        assert session.get_one(Report, hers).location is not None
    os.environ["NERIREPO_HOME"] = str(database)
    restore.finish(Home(database), folder)
    with reading() as session:
        assert session.exec(select(Reporter.id)).all() == [jiro.id]
        assert session.exec(select(ReportOriginal.report_id)).all() == [his]
        assert session.get_one(Report, hers).location is None
    work()
    assert life.objects_of(photo) == []
    storage.delete_below(storage.private_bucket(), erasures.PREFIX)


def test_that_somebody_was_erased_is_forgotten_when_no_backup_is_left_from_before(
    parts: Path,
) -> None:
    some = [UUID(int=1), UUID(int=2)]
    erasures.record(some[0], date(2026, 9, 1))
    erasures.record(some[1], date(2026, 9, 2))
    for tonight, left in (
        (date(2026, 10, 30), some),
        (date(2026, 10, 31), some[1:]),
        (date(2026, 11, 3), []),
    ):
        erasures.forget(tonight)
        assert erasures.recorded() == left
