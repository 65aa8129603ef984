"""Is everything that the service needs there and set right? One line a check, with the way out when not."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from operate.home import Home
from operate.supervising.supervisor import say

LEAST_SPACE = 1024**3  # bytes; below that PostgreSQL may stop in the middle of a day
OLDEST_JOB = timedelta(minutes=15)
"""A backlog of ten thousand photos may be older; then this says so, which is right at night, too."""
OLDEST_LETTER = timedelta(hours=1)
"""Longer than any mail server's greylisting."""
LARGEST_CLOCK_DIFFERENCE = 5.0
"""Seconds between this machine and the database: signed addresses and codes live for minutes."""


PROBE = "check/probe"
"""An object that is written, read and deleted."""


GIVE_RIGHTS = "as a superuser, in this database: psql -f operate/containers/roles.sql"


class Fault(Exception):
    """What is wrong, and what to do about it."""


def check(home: Home) -> bool:
    """Print every check's result; True when all is well. Raises `SettingsWrong`."""
    from nerirepo.settings import settings

    settings()
    around: list[tuple[str, Callable[[], str | None]]] = [
        ("settings", _settings),
        ("buckets", _buckets),
        ("mail server", _mail_server),
        ("disk space", lambda: _space(home.folder)),
    ]
    inside: list[tuple[str, Callable[[], str | None]]] = [
        ("PostGIS", _postgis),
        ("schema", _schema),
        ("durability", _durability),
        ("database settings", _database_settings),
        ("Japanese search", _japanese_search),
        ("restricted role", _restricted_role),
        ("audit", _audit),
        ("clock", _clock),
        ("jobs", _jobs),
        ("queue", _queue),
        ("letters", _letters),
        ("clients", _clients),
        ("archive", _archive),
        ("backup", _backup),
    ]
    if (named := settings()).environment == "production" and named.trusted_network_hosts:
        say(f"  note  what is not encrypted may go to: {named.trusted_network_hosts}")
    results = [_one(name, each) for name, each in around]
    if is_there := _one("database", _database):
        results += [_one(name, each) for name, each in inside]
    else:
        say(f"       not asked without it: {', '.join(name for name, _ in inside)}")
    return all(results) and is_there


def _one(name: str, examine: Callable[[], str | None]) -> bool:
    try:
        told = examine()
    except Fault as fault:
        say(f"FAULT  {name}: {fault}")
    except Exception as error:  # whatever a driver raises: the person wants the other checks too
        say(f"FAULT  {name}: {type(error).__name__}: {_first_line(error)}")
    else:
        say(f"ok     {name}{f': {told}' if told else ''}")
        return True
    return False


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0]


def _ask(statement: str) -> object:
    from nerirepo import sql
    from nerirepo.db import reading

    with reading() as session:
        found = sql.first(session, statement)
    return found and found[0]


def _settings() -> None:
    from operate.commands.settings_table import unknown

    if names := unknown():
        raise Fault(f"nobody reads {', '.join(names)}; all settings: docs/settings.md")


def _database() -> None:
    try:
        _ask("SELECT 1")
    except Exception as error:
        raise Fault(
            f"not reachable ({_first_line(error)}); is it running, is NERIREPO_DATABASE_URL right?"
        ) from error


def _postgis() -> None:
    if not _ask("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'"):
        raise Fault("missing; as a superuser: CREATE EXTENSION postgis")


def _schema() -> None:
    from nerirepo.migrations.migrate import is_current

    if not is_current():
        raise Fault("older than this program; run: nerirepo migrate")


def _durability() -> None:
    from operate.checks.durability import NotDurable, assert_durable

    try:
        assert_durable()
    except NotDurable as fault:
        raise Fault(str(fault)) from fault


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
    from nerirepo import sql
    from nerirepo.db import public_reading

    asked = """
        SELECT has_table_privilege(to_regclass('public.reporter')::oid, 'SELECT') AS sees_people,
            has_database_privilege(current_database(), 'TEMP, CREATE')
            OR has_function_privilege('lo_create(oid)', 'EXECUTE')
            OR current_setting('default_transaction_read_only') = 'off' AS may_more
    """
    try:
        with public_reading() as session:
            sees_people, may_more = sql.first(session, asked)
    except Exception as error:
        raise Fault(
            f"cannot connect ({_first_line(error)}); is NERIREPO_PUBLIC_DATABASE_URL right?"
        ) from error
    if sees_people:
        raise Fault("it can read personal data; NERIREPO_PUBLIC_DATABASE_URL must name the restricted role")
    if may_more:
        raise Fault(f"it can do more than read; {GIVE_RIGHTS}")


def _audit() -> None:
    """The probe is the table by which somebody would hide that they have looked at contact data."""
    if _ask("SELECT has_table_privilege('public.contact_disclosure', 'DELETE')"):
        raise Fault(f"the service's own role may change audit tables; {GIVE_RIGHTS}, then: nerirepo migrate")


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
    from operate.telemetry.backlog import backlog

    late = {job: each for job, each in backlog().queue.items() if each.oldest > OLDEST_JOB}
    if late:
        said = ", ".join(f"{each.length} x {job} since {_minutes(each.oldest)}" for job, each in late.items())
        raise Fault(f"{said}; is a worker running? More of them share the work (docs/runbook.md)")


def _letters() -> None:
    from operate.telemetry.backlog import backlog

    now = backlog()
    if now.mail_is_held:
        raise Fault(f"held by an operator, {now.mail.length} wait; nerirepo mail show, mail release")
    if now.mail.oldest > OLDEST_LETTER:
        raise Fault(
            f"{now.mail.length} are owed, the oldest since {_minutes(now.mail.oldest)}; does the mail server "
            "take them? Their problems: nerirepo mail show"
        )


def _clients() -> None:
    from nerirepo import noticed
    from nerirepo.db import reading

    with reading() as session:
        found = noticed.noted(session, noticed.PROXY)
    if found:
        raise Fault(f"all share the limits of one (docs/abuse-limits.md): {found.words}")


def _minutes(age: timedelta) -> str:
    return f"{int(age.total_seconds()) // 60} min"


def _clock() -> None:
    from nerirepo import clock, sql
    from nerirepo.db import reading

    with reading() as session:
        before = clock.now()
        theirs = sql.first(session, "SELECT clock_timestamp() AS now").now
        after = clock.now()
    difference = max((before - theirs).total_seconds(), (theirs - after).total_seconds())
    if difference > LARGEST_CLOCK_DIFFERENCE:
        raise Fault(f"{difference:.0f} s from the database's; let both follow NTP: timedatectl set-ntp true")


def _buckets() -> None:
    from nerirepo.gateways.storage import (
        ObjectMissing,
        StorageAway,
        delete_below,
        get,
        missing_buckets,
        private_bucket,
        published_bucket,
        put,
    )

    try:
        if missing := missing_buckets():
            raise Fault(f"{', '.join(missing)} missing; run: nerirepo migrate")
        for bucket in (private_bucket(), published_bucket()):
            put(bucket, PROBE, b"probe", "text/plain")
            get(bucket, PROBE, sha256(b"probe").hexdigest())
            delete_below(bucket, PROBE.rpartition("/")[0] + "/")
    except (StorageAway, ObjectMissing) as error:
        raise Fault(
            f"cannot be written and read ({_first_line(error.__cause__ or error)}); is NERIREPO_S3_ENDPOINT "
            "right, may NERIREPO_S3_ACCESS_KEY do both, is there room?"
        ) from error


def _archive() -> None:
    from operate.backup.back_up import SLOT

    slot = "SELECT CASE WHEN wal_status = 'lost' THEN 'lost' WHEN NOT active THEN 'left' END"
    match _ask(f"{slot} FROM pg_replication_slots WHERE slot_name = '{SLOT}'"):
        case "lost":
            raise Fault("it has lost its place; begin a new backup folder (docs/runbook.md, 6)")
        case "left":
            raise Fault("nobody writes changes away, and they fill this disk; start: nerirepo backup wal")


def _backup() -> str | None:
    from nerirepo import clock, noticed
    from nerirepo.db import reading
    from nerirepo.settings import settings
    from operate.backup.back_up import OLDEST_BASE, OLDEST_CHANGES

    if settings().backups == "elsewhere":
        return "made elsewhere"
    is_production, ages = settings().environment == "production", {}
    for what, oldest, way_out in (
        (noticed.BASE, OLDEST_BASE, "nerirepo backup run /backup, every night"),
        (noticed.CHANGES, OLDEST_CHANGES, "nerirepo backup wal /backup, all the time"),
    ):
        with reading() as session:
            found = noticed.noted(session, what)
        if found is None and is_production:
            raise Fault(f"no {what} yet; {way_out}; or NERIREPO_BACKUPS=elsewhere (docs/runbook.md, 6)")
        if found:
            ages[what] = clock.now() - found.at
            if ages[what] > oldest:
                raise Fault(f"the last {what} is {_age(ages[what])} old; {way_out} (docs/runbook.md, 6)")
    return ", ".join(f"last {what} {_age(age)} ago" for what, age in ages.items()) or None


def _age(age: timedelta) -> str:
    minutes = max(int(age.total_seconds()) // 60, 0)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def _mail_server() -> None:
    from nerirepo.gateways.mail import Temporary, knock

    try:
        asyncio.run(knock())
    except Temporary as fault:
        said = str(fault)
        if "CERTIFICATE_VERIFY_FAILED" in said:
            way_out = "is its name right? An authority of the ward's own is named by SSL_CERT_FILE"
        elif said.startswith("535"):
            way_out = "are the user and the password in NERIREPO_SMTP_URL right?"
        else:
            way_out = "is NERIREPO_SMTP_URL right, is the way there open?"
        raise Fault(f"takes no letters ({said}); {way_out}") from fault


def _space(folder: Path) -> None:
    if (free := shutil.disk_usage(folder).free) < LEAST_SPACE:
        raise Fault(f"only {free // 1024**2} MiB are free on {folder}; make room or move NERIREPO_HOME")
