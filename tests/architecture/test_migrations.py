"""The migrations and the tables agree, and every step can be taken back."""

import re
import subprocess
import sys
from pathlib import Path

import psycopg
from sqlalchemy import CheckConstraint

from nerirepo.tables import METADATA
from operate.embedded import postgres

CHECKOUT = Path(__file__).resolve().parents[2]

QUOTED = re.compile("'([^']*)'")

STEPS = """
import sys
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from nerirepo.migrations.migrate import configuration, is_current, upgrade

url = sys.argv[1]
newest = ScriptDirectory.from_config(configuration(url)).get_current_head()
assert not is_current(url)
upgrade(url)
upgrade(url)
assert is_current(url)
command.check(configuration(url))

# The way back from an upgrade: this program on the schema of a later one.
engine = create_engine(configuration(url).attributes["url"])
move = text("UPDATE alembic_version SET version_num = :to")
with engine.begin() as connection:
    connection.execute(move, {"to": "9999"})
upgrade(url)
assert is_current(url)
with engine.begin() as connection:
    connection.execute(move, {"to": newest})
engine.dispose()

command.downgrade(configuration(url), "base")
command.upgrade(configuration(url), "head")
"""


def test_models_and_migrations_agree_and_every_step_can_be_taken_back(parts: Path) -> None:
    superuser = postgres.url(parts / "postgres", postgres.SUPERUSER, "postgres")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CREATE DATABASE scratch OWNER nerirepo")
    url = postgres.url(parts / "postgres", database="scratch")
    try:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", STEPS, url], cwd=CHECKOUT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    finally:
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute("DROP DATABASE scratch WITH (FORCE)")


def test_the_database_takes_each_member_of_an_enum_and_nothing_else(database: Path) -> None:
    """Alembic does not compare a CHECK."""
    declared = {
        (table.fullname, frozenset(QUOTED.findall(str(each.sqltext))))
        for table in METADATA.sorted_tables
        for each in table.constraints
        if isinstance(each, CheckConstraint) and " IN (" in str(each.sqltext)
    }
    superuser = postgres.url(database / "postgres", postgres.SUPERUSER, postgres.DATABASE)
    with psycopg.connect(superuser) as connection:
        checks = connection.execute(
            "SELECT relname, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint"
            " JOIN pg_class ON pg_class.oid = conrelid WHERE contype = 'c'"
        ).fetchall()
    there = {(table, frozenset(QUOTED.findall(check))) for table, check in checks}
    assert len(declared) > 10
    assert declared - there == set()


def test_a_migration_does_today_what_it_did_then() -> None:
    """What the service works out may change; what was worked out for a database of that time does not."""
    versions = CHECKOUT / "nerirepo" / "migrations" / "versions"
    frozen = r"database\.(?:columns|db)|base\.settings|migrations"
    lively = re.compile(rf"^(?:from|import) nerirepo\.(?!{frozen})\S+", re.MULTILINE)
    found = {each.name: lively.findall(each.read_text()) for each in versions.glob("*.py")}
    assert {name: imports for name, imports in found.items() if imports} == {}
