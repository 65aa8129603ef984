"""Real parts for all tests: each xdist worker has a PostgreSQL cluster, an S3 store and a mail server.

`database` is an empty, migrated database with the ward's data; what a test writes is deleted after it.
Commits are real: the design rests on them.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import settings as hypothesis

from tests.support import published_contract

os.environ["NERIREPO_SMTP_IS_SINK"] = "true"
# Residents of tests are new, and some post a lot; the figures as shipped have tests of their own.
MANY = {
    "NERIREPO_REPORTS_PER_HOUR": "100000",
    "NERIREPO_REPORTS_PER_HOUR_OF_NEW": "100000",
    "NERIREPO_REPORTS_PER_DAY_OF_NEW": "100000",
}
os.environ.update(MANY)

hypothesis.register_profile("house", deadline=None)  # no test asserts seconds: the machine may be busy
hypothesis.load_profile("house")

REFERENCE = {"department", "manager", "category", "ward", "layer_version", "place_feature", "routing_rule"}
"""Tables that the ward's folder fills. They stay from test to test, as does what is published of them."""
PUBLISHED_REFERENCE = {"category", "office", "ward", "line"}


@pytest.fixture(scope="session", autouse=True)
def _watched() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(FastAPI, "__call__", published_contract.watched(FastAPI.__call__))
        yield


@pytest.fixture(autouse=True)
def _every_answer_is_as_published() -> Iterator[None]:
    """Every answer of /v1 in whatever test, to whatever client, is held against the published contract."""
    yield
    found = published_contract.NOT_PUBLISHED.copy()
    published_contract.NOT_PUBLISHED.clear()
    assert found == []


def _forget_engines() -> None:
    from nerirepo.base.settings import settings
    from nerirepo.database import db
    from nerirepo.gateways import storage

    for cached in (settings, db.engine, db._reading_engine, db.public_engine, storage.client):
        cached.cache_clear()


@pytest.fixture(scope="session")
def parts() -> Iterator[Path]:
    """The embedded parts, running; their settings in the environment. The folder holds their data."""
    from operate.embedded import mailbox, postgres, store

    with tempfile.TemporaryDirectory(prefix="nerirepo-tests-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with (
            postgres.running(folder / "postgres"),
            store.running(folder / "s3") as (endpoint, key, secret),
            mailbox.running(folder / "mail") as smtp_url,
        ):
            os.environ.update(
                NERIREPO_HOME=str(folder),
                NERIREPO_DATABASE_URL=postgres.url(folder / "postgres"),
                NERIREPO_PUBLIC_DATABASE_URL=postgres.url(folder / "postgres", postgres.READER),
                NERIREPO_S3_ENDPOINT=endpoint,
                NERIREPO_S3_ACCESS_KEY=key,
                NERIREPO_S3_SECRET_KEY=secret,
                NERIREPO_SMTP_URL=smtp_url,
            )
            _forget_engines()
            yield folder
            from nerirepo.database import db

            db.engine().dispose()
            db.public_engine().dispose()


@pytest.fixture(scope="session")
def _migrated(parts: Path) -> Path:
    from nerirepo.migrations import migrate

    migrate.upgrade()
    return parts


@pytest.fixture(scope="session")
def _ward(_migrated: Path) -> Path:
    from operate.ward import seed

    seed.load_ward()
    return _migrated


@pytest.fixture
def database(_ward: Path) -> Iterator[Path]:
    """An empty database with the ward's reference data, by the service's own settings."""
    yield _ward
    _delete_rows(_ward, keep=REFERENCE, keep_published=PUBLISHED_REFERENCE)


@pytest.fixture
def bare_database(_migrated: Path) -> Iterator[Path]:
    """A migrated database without even the ward, for tests that load or change reference data themselves."""
    _delete_rows(_migrated, keep=set(), keep_published=set())
    yield _migrated
    _delete_rows(_migrated, keep=set(), keep_published=set())
    from operate.ward import seed

    seed.load_ward()


def _delete_rows(folder: Path, *, keep: set[str], keep_published: set[str]) -> None:
    from operate.embedded import postgres

    kept = {
        "public": keep | {"alembic_version", "spatial_ref_sys"},
        "published": keep_published,
        "jobs": set(),
    }
    with psycopg.connect(
        postgres.url(folder / "postgres", postgres.SUPERUSER, postgres.DATABASE)
    ) as connection:
        # Neither triggers nor foreign keys: the history refuses DELETE, and the order would be a riddle.
        connection.execute("SET session_replication_role = replica")
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'published', 'jobs')"
        ).fetchall()
        for schema, table in tables:
            if table not in kept.get(schema, ()):
                connection.execute(f'DELETE FROM {schema}."{table}"'.encode())


@pytest.fixture(scope="session")
def _buckets(parts: Path) -> None:
    from nerirepo.gateways import storage

    storage.create_buckets()


@pytest.fixture
def storage(_buckets: None) -> None:
    """The two buckets exist in a real S3 store."""


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    """The clock stands still; `shift` and `move_to` set it."""
    from nerirepo.base import clock

    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def mailbox(parts: Path) -> Path:
    """The folder into which the mail server writes each letter as an .eml file; empty at first."""
    folder = parts / "mail"
    for letter in folder.glob("*.eml"):
        letter.unlink()
    return folder


@pytest.fixture
def client(database: Path, storage: None) -> Iterator[TestClient]:
    """The API, in this process. Faults of ours become answers, as they do for real clients."""
    from operate.serving.front import create_api

    with TestClient(create_api(), base_url="http://localhost:8000", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def work(database: Path, storage: None) -> Callable[[], None]:
    """Call it to let the worker do everything that has been asked for and is due."""
    from workers.run import drain

    return drain
