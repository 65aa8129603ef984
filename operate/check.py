"""Is everything that the service needs there and set right? One line a check, with the way out when not."""

import shutil
import smtplib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text

from operate.home import Home
from operate.supervisor import say

LEAST_SPACE = 1024**3  # bytes; below that PostgreSQL may stop in the middle of a day


class Fault(Exception):
    """What is wrong, and what to do about it."""


def check(home: Home) -> bool:
    """Print every check's result; True when all is well."""
    checks: list[tuple[str, Callable[[], None]]] = [
        ("database", _database),
        ("PostGIS", _postgis),
        ("schema", _schema),
        ("durability", _durability),
        ("Japanese search", _japanese_search),
        ("restricted role", _restricted_role),
        ("jobs", _jobs),
        ("buckets", _buckets),
        ("mail server", _mail_server),
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


def _buckets() -> None:
    from nerirepo.gateways.storage import client, private_bucket, published_bucket

    there = {bucket["Name"] for bucket in client().list_buckets()["Buckets"]}
    if missing := {private_bucket(), published_bucket()} - there:
        raise Fault(f"{', '.join(sorted(missing))} missing; run: nerirepo migrate")


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
