"""Bring a database to the newest schema, or say how far behind it is.

A step that must wait for a lock makes every later reader of that table wait behind it. So a step asks for
its locks for two seconds, gives way, and asks again: somebody's long transaction delays the upgrade, and
nobody else.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from nerirepo.base.settings import settings
from nerirepo.database.db import sqlalchemy_url

ONE_AT_A_TIME = 7_265_101
"""Advisory lock: two processes that start together must not both migrate."""
LOCK_TIMEOUT = "2s"
"""How long a step may wait for a lock, and others behind it."""
PAUSES = (1, 2, 5, 10, 20, 30)
"""Seconds between the tries; the last one again and again."""
AT_MOST = timedelta(minutes=10)
"""Then somebody must look."""

_BLOCKERS = text("""
    SELECT pid, coalesce(application_name, '') AS name, state,
        extract(epoch FROM clock_timestamp() - xact_start)::int AS seconds
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND xact_start < now() - interval '1 second'
    ORDER BY xact_start LIMIT 5
""")
"""The oldest transactions: without what they ask, which may hold somebody's words."""


class Blocked(Exception):
    """The database is in use by somebody who does not end; nothing is half done."""


def configuration(url: str | None = None) -> Config:
    """Alembic's own configuration; there is no alembic.ini, so that a URL stands in one place only."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = sqlalchemy_url(url or settings().database_url)
    return config


def upgrade(url: str | None = None, say: Callable[[str], None] = print, at_most: timedelta = AT_MOST) -> None:
    """To the newest schema, each step in its own transaction. Nothing when it is there already, or beyond.

    `say` is told what it waits for. Raises `Blocked` when a lock could not be had in all of `at_most`; the
    steps before stay done, and the next call goes on from there.
    """
    began, tries = time.monotonic(), 0
    while True:
        try:
            if not is_current(url):
                command.upgrade(configuration(url), "head")
            _hand_over_audit(url)
            return
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable | DeadlockDetected):
                raise
            waits_for = _waits_for(url)
            pause = PAUSES[min(tries, len(PAUSES) - 1)]
            if time.monotonic() - began + pause > at_most.total_seconds():
                raise Blocked(f"the schema could not be changed within {at_most}: {waits_for}") from error
            say(f"the schema waits, and tries again in {pause} s: {waits_for}")
            tries += 1
            time.sleep(pause)


def _waits_for(url: str | None) -> str:
    engine = create_engine(configuration(url).attributes["url"])
    try:
        with engine.connect() as connection:
            found = connection.execute(_BLOCKERS).all()
    finally:
        engine.dispose()
    if not found:
        return "another transaction held a lock"
    return ", ".join(
        f"pid {each.pid} {each.name} ({each.state}) is in a transaction since {each.seconds} s"
        for each in found
    )


def _hand_over_audit(url: str | None) -> None:
    """Audit tables to the role of their own, where the database's superuser has made it: `roles.sql`."""
    engine = create_engine(configuration(url).attributes["url"])
    try:
        with engine.begin() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            if connection.scalar(text("SELECT to_regproc('audit.take_over') IS NOT NULL")):
                connection.execute(text("SELECT audit.take_over()"))
    finally:
        engine.dispose()


def is_current(url: str | None = None) -> bool:
    """Whether this program can work on it: its own schema, or a later one, to which an upgrade led.

    Revisions are numbered, and each leaves the version before it working: that is the way back.
    """
    config = configuration(url)
    engine = create_engine(config.attributes["url"])
    try:
        with engine.connect() as connection:
            standing = MigrationContext.configure(connection).get_current_heads()
    finally:
        engine.dispose()
    return max(standing, default="") >= max(ScriptDirectory.from_config(config).get_heads())
