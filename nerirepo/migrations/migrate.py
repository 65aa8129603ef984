"""Bring a database to the newest schema, or say how far behind it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from nerirepo.settings import settings

ONE_AT_A_TIME = 7_265_101
"""Advisory lock: two processes that start together must not both migrate."""


def configuration(url: str | None = None) -> Config:
    """Alembic's own configuration; there is no alembic.ini, so that a URL stands in one place only."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = make_url(url or settings().database_url).set(drivername="postgresql+psycopg")
    return config


def upgrade(url: str | None = None) -> None:
    """To the newest schema. Does nothing when it is there already, or beyond."""
    if not is_current(url):
        command.upgrade(configuration(url), "head")
    _hand_over_audit(url)


def _hand_over_audit(url: str | None) -> None:
    """Audit tables to the role of their own, where the database's superuser has made it: `roles.sql`."""
    engine = create_engine(configuration(url).attributes["url"])
    try:
        with engine.begin() as connection:
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
