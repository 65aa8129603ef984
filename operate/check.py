"""Is everything that the service needs there and set right? One line a check, with the way out when not."""

import shutil
import smtplib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text

from operate.home import Home
from operate.supervisor import say

LEAST_SPACE = 1024**3  # bytes; below that PostgreSQL may stop in the middle of a day
OLDEST_JOB = timedelta(minutes=15)
"""A backlog of ten thousand photos may be older; then this says so, which is right at night, too."""
OLDEST_LETTER = timedelta(hours=1)
"""Longer than any mail server's greylisting."""
LARGEST_CLOCK_DIFFERENCE = 5.0
"""Seconds between this machine and the database: signed addresses and codes live for minutes."""


PROBE = "check/probe"
"""An object that is written, read and deleted."""


class Fault(Exception):
    """What is wrong, and what to do about it."""


def check(home: Home) -> bool:
    """Print every check's result; True when all is well."""
    checks: list[tuple[str, Callable[[], None]]] = [
        ("database", _database),
        ("PostGIS", _postgis),
        ("schema", _schema),
        ("durability", _durability),
        ("database settings", _database_settings),
        ("Japanese search", _japanese_search),
        ("restricted role", _restricted_role),
        ("clock", _clock),
        ("jobs", _jobs),
        ("queue", _queue),
        ("buckets", _buckets),
        ("mail server", _mail_server),
        ("letters", _letters),
        ("disk space", lambda: _space(home.folder)),
    ]
    results = [_one(name, each) for name, each in checks]
    return all(results)


def _one(name: str, examine: Callable[[], None]) -> bool:
    try:
        examine()
    except Fault as fault:
        say(f"FAULT  {name}: {fault}")
    except Exception as error:  # whatever a driver raises: the person wants the other checks too
        say(f"FAULT  {name}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
    else:
        say(f"ok     {name}")
        return True
    return False


def _ask(statement: str) -> object:
    from nerirepo.db import reading

    with reading() as session:
        return session.connection().execute(text(statement)).scalar()


def _database() -> None:
    try:
        _ask("SELECT 1")
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise Fault(f"not reachable; is it running, is NERIREPO_DATABASE_URL right? ({reason})") from error


def _postgis() -> None:
    if not _ask("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'"):
        raise Fault("missing; as a superuser: CREATE EXTENSION postgis")


def _schema() -> None:
    from nerirepo.migrations.migrate import is_current

    if not is_current():
        raise Fault("older than this program; run: nerirepo migrate")


def _durability() -> None:
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        if (value := _ask(f"SHOW {setting}")) == "off":
            raise Fault(f"{setting} is {value}: a crash would lose reports; set it on in postgresql.conf")


def _database_settings() -> None:
    from nerirepo.settings import settings

    most = int(str(_ask("SHOW max_connections")))
    if most < (wanted := 4 * settings().pool_size):
        raise Fault(
            f"max_connections is {most}; {wanted} or more are used: raise it, or lower NERIREPO_POOL_SIZE"
        )
    if (encoding := _ask("SHOW server_encoding")) != "UTF8":
        raise Fault(f"server_encoding is {encoding}; make the database with --encoding=UTF8")


def _japanese_search() -> None:
    if not _ask("SELECT cardinality(show_trgm('街路灯'))"):
        raise Fault("pg_trgm sees no Japanese letters; make the database with --locale=C.UTF-8")


def _restricted_role() -> None:
    from nerirepo.db import public_reading

    with public_reading() as session:
        connection = session.connection()
        may_read = "SELECT has_table_privilege(to_regclass('public.reporter')::oid, 'SELECT')"
        if connection.execute(text(may_read)).scalar():
            raise Fault(
                "it can read personal data; NERIREPO_PUBLIC_DATABASE_URL must name the restricted role"
            )


def _jobs() -> None:
    gave_up = (
        "SELECT string_agg(DISTINCT task_name, ', ') FROM jobs.procrastinate_jobs WHERE status = 'failed'"
    )
    if names := _ask(gave_up):
        raise Fault(
            f"these gave up after many tries: {names}; see nerirepo jobs failed and the worker's log, "
            "then nerirepo jobs retry"
        )


def _queue() -> None:
    from operate.backlog import backlog

    late = {job: each for job, each in backlog().queue.items() if each.oldest > OLDEST_JOB}
    if late:
        said = ", ".join(f"{each.length} x {job} since {_minutes(each.oldest)}" for job, each in late.items())
        raise Fault(f"{said}; is a worker running? More of them share the work (docs/runbook.md)")


def _letters() -> None:
    from operate.backlog import backlog

    now = backlog()
    if now.mail_is_held:
        raise Fault(f"held by an operator, {now.mail.length} wait; nerirepo mail show, mail release")
    if now.mail.oldest > OLDEST_LETTER:
        raise Fault(
            f"{now.mail.length} are owed, the oldest since {_minutes(now.mail.oldest)}; does the mail server "
            "take them? Their problems: nerirepo mail show"
        )


def _minutes(age: timedelta) -> str:
    return f"{int(age.total_seconds()) // 60} min"


def _clock() -> None:
    from nerirepo import clock
    from nerirepo.db import reading

    with reading() as session:
        before = clock.now()
        theirs = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
        after = clock.now()
    difference = max((before - theirs).total_seconds(), (theirs - after).total_seconds())
    if difference > LARGEST_CLOCK_DIFFERENCE:
        raise Fault(f"{difference:.0f} s from the database's; let both follow NTP: timedatectl set-ntp true")


def _buckets() -> None:
    from nerirepo.gateways.storage import (
        ObjectMissing,
        StorageAway,
        client,
        delete_below,
        get,
        private_bucket,
        published_bucket,
        put,
    )

    there = {bucket["Name"] for bucket in client().list_buckets()["Buckets"]}
    if missing := {private_bucket(), published_bucket()} - there:
        raise Fault(f"{', '.join(sorted(missing))} missing; run: nerirepo migrate")
    for bucket in (private_bucket(), published_bucket()):
        try:
            put(bucket, PROBE, b"probe", "text/plain")
            get(bucket, PROBE)
            delete_below(bucket, PROBE.rpartition("/")[0] + "/")
        except (StorageAway, ObjectMissing) as error:
            raise Fault(
                f"{bucket} cannot be written and read; is there room, may the key do both?"
            ) from error


def _mail_server() -> None:
    from nerirepo.settings import settings

    server = urlsplit(settings().smtp_url)
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(server.hostname or "", server.port or 25, timeout=5) as connection:
            connection.noop()
    except OSError as error:
        raise Fault(f"not reachable; is NERIREPO_SMTP_URL right? ({error})") from error


def _space(folder: Path) -> None:
    if (free := shutil.disk_usage(folder).free) < LEAST_SPACE:
        raise Fault(f"only {free // 1024**2} MiB are free on {folder}; make room or move NERIREPO_HOME")
