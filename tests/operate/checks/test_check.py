"""Each thing that `nerirepo check` looks at is broken once: the check says so, and what to do."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from nerirepo.base import clock
from nerirepo.base.settings import settings
from nerirepo.database import db, jobs, noticed
from nerirepo.database.db import transaction
from nerirepo.gateways import storage as store
from nerirepo.notifications.hold import hold
from operate.backup import archive
from operate.checks import backups, check, database, machine, probe
from operate.checks.durability import NotDurable
from operate.embedded import postgres
from operate.home import Home
from operate.preparation import prepare
from operate.supervising.process import free_port
from tests.support.mail_server import mailing_to

Breaking = Callable[[pytest.MonkeyPatch, Path], Any]


@pytest.fixture
def checked(
    database: Path, storage: None, mailbox: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[], tuple[bool, str]]:
    """Call it for what the check finds, and whether all is well."""

    def run() -> tuple[bool, str]:
        _forget_connections()
        capsys.readouterr()
        return check.check(Home(database)), capsys.readouterr().out

    return run


def _forget_connections() -> None:
    for engine in (db.engine, db.public_engine):
        engine().dispose()
    for cached in (settings, db.engine, db._reading_engine, db.public_engine, store.client):
        cached.cache_clear()


@contextmanager
def _altered(database: Path, change: str, back: str) -> Iterator[None]:
    url = postgres.url(database / "postgres", postgres.SUPERUSER, postgres.DATABASE)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(change.encode())
        try:
            yield
        finally:
            connection.execute(back.encode())


@contextmanager
def _set(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as changed:
        changed.setenv(name, value)
        yield
    _forget_connections()


def setting(name: str, value: str) -> Breaking:
    return lambda monkeypatch, _: _set(name, value, monkeypatch)


def altered(change: str, back: str) -> Breaking:
    return lambda _, database: _altered(database, change, back)


def patched(what: Any, name: str, value: Any) -> Breaking:
    @contextmanager
    def broken(monkeypatch: pytest.MonkeyPatch, _: Path) -> Iterator[None]:
        with monkeypatch.context() as changed:
            changed.setattr(what, name, value)
            yield

    return broken


@contextmanager
def late_job(_: pytest.MonkeyPatch, __: Path) -> Iterator[None]:
    with transaction() as session:
        jobs.enqueue(session, jobs.PUBLISH, report_id=str(uuid4()))
        session.execute(text("UPDATE jobs.procrastinate_events SET at = at - interval '1 hour'"))
    yield


@contextmanager
def dead_job(_: pytest.MonkeyPatch, __: Path) -> Iterator[None]:
    with transaction() as session:
        jobs.enqueue(session, jobs.PUBLISH, report_id=str(uuid4()))
        session.execute(text("UPDATE jobs.procrastinate_jobs SET status = 'failed'"))
    yield


@contextmanager
def held_letters(_: pytest.MonkeyPatch, __: Path) -> Iterator[None]:
    with transaction() as session:
        hold(session, "for this test")
    yield


@contextmanager
def old_letter(_: pytest.MonkeyPatch, __: Path) -> Iterator[None]:
    with transaction() as session:
        session.execute(
            text(
                "INSERT INTO delivery (id, cause_kind, cause_id, channel, recipient_kind, recipient_id,"
                " address, template, locale, facts, state, tries, created_at, next_try_at)"
                " SELECT gen_random_uuid(), 'digest', 'check', 'mail', 'department', code,"
                " 'roads@example.jp', 'digest', 'ja', '{}', 'owed', 3, now() - interval '2 hours',"
                " now() + interval '1 hour'"
                " FROM department WHERE code = 'roads'"
            )
        )
    yield


@contextmanager
def without_a_bucket(_: pytest.MonkeyPatch, __: Path) -> Iterator[None]:
    bucket, client = store.published_bucket(), store.client()
    for left in client.list_objects_v2(Bucket=bucket).get("Contents", ()):  # by tests before this one
        client.delete_object(Bucket=bucket, Key=left["Key"])
    client.delete_bucket(Bucket=bucket)
    try:
        yield
    finally:
        store.create_buckets()


@contextmanager
def old_schema(_: pytest.MonkeyPatch, database: Path) -> Iterator[None]:
    with transaction() as session:
        newest = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    move = "UPDATE alembic_version SET version_num = '{}'"
    with _altered(database, move.format("0001"), move.format(newest)):
        yield


@contextmanager
def left_archive(_: pytest.MonkeyPatch, database: Path) -> Iterator[None]:
    create = "SELECT pg_create_physical_replication_slot('nerirepo_archive', true)"
    with _altered(database, create, "SELECT pg_drop_replication_slot('nerirepo_archive')"):
        yield


def noted(what: str, words: str = "", age: timedelta = timedelta()) -> Breaking:
    @contextmanager
    def broken(_: pytest.MonkeyPatch, __: Path) -> Iterator[None]:
        with transaction() as session:
            noticed.note(session, what, words, at=clock.now() - age)
        try:
            yield
        finally:
            with transaction() as session:
                noticed.forget(session, what)

    return broken


@contextmanager
def untrusted_mail_server(monkeypatch: pytest.MonkeyPatch, _: Path) -> Iterator[None]:
    from tests.nerirepo.gateways.test_mail_over_tls import STARTTLS, self_signed, server

    with (
        server(STARTTLS, self_signed(Path(os.environ["NERIREPO_HOME"]))) as (_kept, port),
        mailing_to(monkeypatch, f"{STARTTLS}://localhost:{port}"),
    ):
        yield


def nobody() -> str:
    return f"127.0.0.1:{free_port()}"


BROKEN: dict[str, tuple[Breaking, str, str]] = {
    "a variable misspelled": (setting("NERIREPO_SMTP_ULR", "x"), "settings", "is NERIREPO_SMTP_URL meant?"),
    "a database that is away": (
        setting("NERIREPO_DATABASE_URL", f"postgresql://nerirepo@{nobody()}/nerirepo"),
        "database",
        "is NERIREPO_DATABASE_URL right?",
    ),
    "no PostGIS": (patched(database, "ask", lambda _: 0), "PostGIS", "CREATE EXTENSION postgis"),
    "an old schema": (old_schema, "schema", "run: nerirepo migrate"),
    "commits that may be lost": (
        altered(
            "ALTER ROLE nerirepo SET synchronous_commit = off", "ALTER ROLE nerirepo RESET synchronous_commit"
        ),
        "durability",
        "synchronous_commit is off",
    ),
    "too few connections": (
        setting("NERIREPO_POOL_SIZE", "60"),
        "database settings",
        "lower NERIREPO_POOL_SIZE",
    ),
    "a role that sees people": (
        altered(
            "GRANT SELECT ON public.reporter TO nerirepo_public",
            "REVOKE SELECT ON public.reporter FROM nerirepo_public",
        ),
        "restricted role",
        "must name the restricted role",
    ),
    "a role that can do more than read": (
        altered(
            "ALTER ROLE nerirepo_public RESET default_transaction_read_only",
            "ALTER ROLE nerirepo_public SET default_transaction_read_only = on",
        ),
        "restricted role",
        "psql -f operate/containers/roles.sql",
    ),
    "audit tables that can be changed": (
        altered(
            "GRANT DELETE ON public.contact_disclosure TO nerirepo",
            "REVOKE DELETE ON public.contact_disclosure FROM nerirepo",
        ),
        "audit",
        "psql -f operate/containers/roles.sql, then: nerirepo migrate",
    ),
    "a clock that is wrong": (
        patched(clock, "now", lambda now=clock.now: now() + timedelta(minutes=1)),
        "clock",
        "60 s from the database's; let both follow NTP",
    ),
    "a job that gave up": (dead_job, "jobs", "gave up after many tries: publish"),
    "a job that nobody does": (late_job, "queue", "1 x publish since 60 min; is a worker running?"),
    "letters that are held": (held_letters, "letters", "mail release"),
    "a letter that does not leave": (old_letter, "letters", "1 are owed, the oldest since 120 min"),
    "a proxy that is not believed": (
        noted(noticed.PROXY, "requests come from 10.0.0.5, and nobody says for whom"),
        "clients",
        "requests come from 10.0.0.5",
    ),
    "a base that is too old": (
        noted(noticed.BASE, age=backups.OLDEST_BASE + timedelta(minutes=1)),
        "backup",
        "the last base is 36 h old; nerirepo backup run /backup",
    ),
    "changes that are archived no more": (
        noted(noticed.CHANGES, age=backups.OLDEST_CHANGES + timedelta(minutes=1)),
        "backup",
        "the last archived change is 16 min old; nerirepo backup wal /backup",
    ),
    "an archive that was left": (left_archive, "archive", "start: nerirepo backup wal"),
    "a bucket that is missing": (
        without_a_bucket,
        "buckets",
        "nerirepo-published missing; run: nerirepo mig",
    ),
    "a store that is away": (
        setting("NERIREPO_S3_ENDPOINT", f"http://{nobody()}"),
        "buckets",
        "Could not connect",
    ),
    "a key that the store does not know": (
        setting("NERIREPO_S3_SECRET_KEY", "guessed"),
        "buckets",
        "may NERIREPO_S3_ACCESS_KEY do both",
    ),
    "a mail server that is away": (
        setting("NERIREPO_SMTP_URL", f"smtp://{nobody()}"),
        "mail server",
        "is NERIREPO_SMTP_URL right",
    ),
    "a mail server that nobody vouches for": (untrusted_mail_server, "mail server", "SSL_CERT_FILE"),
    "a full disk": (patched(machine, "LEAST_SPACE", 2**60), "disk space", "make room or move NERIREPO_HOME"),
}


@pytest.mark.parametrize(("broken", "name", "told"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_broken_is_named_with_a_way_out(
    checked: Callable[[], tuple[bool, str]],
    database: Path,
    monkeypatch: pytest.MonkeyPatch,
    broken: Breaking,
    name: str,
    told: str,
) -> None:
    with broken(monkeypatch, database):
        is_well, said = checked()
    assert not is_well
    (fault,) = [line for line in said.splitlines() if line.startswith(f"FAULT  {name}: ")]
    assert told in fault
    assert checked()[0] or broken in (late_job, dead_job, held_letters, old_letter)


def test_when_all_is_well_each_thing_is_said_to_be(checked: Callable[[], tuple[bool, str]]) -> None:
    is_well, said = checked()
    assert is_well, said
    assert {line.split()[0] for line in said.splitlines()} == {"ok"}


def test_the_ages_of_the_last_copies_are_told(
    checked: Callable[[], tuple[bool, str]], database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = noted(noticed.BASE, age=backups.OLDEST_BASE - timedelta(minutes=1))(monkeypatch, database)
    changes = noted(noticed.CHANGES, age=timedelta(seconds=70))(monkeypatch, database)
    with base, changes:
        is_well, said = checked()
    assert is_well
    assert "ok     backup: last base 35 h ago, last archived change 1 min ago" in said.splitlines()


@pytest.mark.parametrize(
    ("environment", "kept_by", "told"),
    [("production", "ours", "no base yet"), ("production", "elsewhere", ""), ("development", "ours", "")],
)
def test_a_production_without_any_copy_is_told(
    database: Path, monkeypatch: pytest.MonkeyPatch, environment: str, kept_by: str, told: str
) -> None:
    given = settings().model_copy(update={"environment": environment, "backups": kept_by})
    monkeypatch.setattr(backups, "settings", lambda: given)
    if told:
        with pytest.raises(probe.Fault, match=f"{told}.*NERIREPO_BACKUPS=elsewhere"):
            backups.backup()
    else:
        backups.backup()


def test_what_lies_in_the_archive_is_noted(database: Path, tmp_path: Path) -> None:
    (tmp_path / "wal").mkdir()
    archive.note_changes(tmp_path)
    assert noted_at(noticed.CHANGES) is None
    for name, minutes in (("000000010000000000000001", 9), ("000000010000000000000002.partial", 2)):
        (tmp_path / "wal" / name).touch()
        at = (clock.now() - timedelta(minutes=minutes)).timestamp()
        os.utime(tmp_path / "wal" / name, (at, at))
    archive.note_changes(tmp_path)
    found = noted_at(noticed.CHANGES)
    assert found
    assert timedelta(minutes=2) <= clock.now() - found < timedelta(minutes=3)
    with transaction() as session:
        noticed.forget(session, noticed.CHANGES)


def noted_at(what: str) -> datetime | None:
    with transaction() as session:
        found = noticed.noted(session, what)
        return found.at if found else None


def test_nothing_starts_on_a_database_that_forgets(database: Path, storage: None) -> None:
    change = "ALTER ROLE nerirepo SET synchronous_commit = off"
    with _altered(database, change, "ALTER ROLE nerirepo RESET synchronous_commit"):
        _forget_connections()
        with pytest.raises(NotDurable, match="synchronous_commit"):
            prepare(Home(database), empty=True)
    _forget_connections()
