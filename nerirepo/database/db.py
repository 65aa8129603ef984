"""How the service reaches PostgreSQL: three engines, and the only commit.

`transaction()` for what changes something; `reading()` for the service's own reads (no transaction, one
round trip a statement); `public_reading()` for what the public sees, by a role that can read schema
`published` and nothing else. `public_connection()` is that role's, for coroutines.
"""

import select
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Any, ClassVar, Self, cast

import orjson
import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import InvalidatePoolError
from sqlmodel import Session

from nerirepo.base.settings import settings

SCHEMAS = "public,jobs"
"""The service's own; the queue's functions stand in the second."""
PUBLIC_SCHEMAS = "published,public"
"""The restricted role's; it can read the first only, and PostGIS stands in the second."""
SECONDS_TO_CONNECT = 5
"""To each host that a URL names, where it does not say itself."""
SECONDS_FOR_A_STATEMENT = 30
"""Longer than any statement of ours takes; a lock held for longer answers 503 and the client tries again."""


def options(search_path: str) -> str:
    """What every connection of ours says to the server when it begins; as libpq's `options`.

    A process that is frozen in the middle of a transaction holds its locks until the database ends that.
    """
    return (
        f"-c search_path={search_path} -c timezone=UTC -c statement_timeout={SECONDS_FOR_A_STATEMENT}s"
        f" -c idle_in_transaction_session_timeout={SECONDS_FOR_A_STATEMENT}s"
    )


class Cursor(psycopg.Cursor[Any]):
    """Every statement of an engine passes here: a session's, those of `sql.py`, the queue's."""

    around: ClassVar[Callable[[str], AbstractContextManager[object]]] = nullcontext
    """Entered with a statement, without its values, while that runs: for those who trace or count."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        with Cursor.around(_words(query)):
            return super().execute(query, params, **options)

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        with Cursor.around(_words(query)):
            super().executemany(query, params_seq, **options)


class AsyncCursor(psycopg.AsyncCursor[Any]):
    """Those of coroutines pass here, to the same."""

    async def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        with Cursor.around(_words(query)):
            return await super().execute(query, params, **options)


def _words(query: Any) -> str:
    return query if isinstance(query, str) else query.as_string()


def sqlalchemy_url(libpq: str) -> URL:
    """libpq's URL as SQLAlchemy has it, whose own parser stops at a second host."""
    given = {name: str(value) for name, value in conninfo_to_dict(libpq).items()}
    user, password, database = (given.pop(name, None) for name in ("user", "password", "dbname"))
    return URL.create("postgresql+psycopg", user, password, database=database, query=given)


def line_options(libpq: str, search_path: str) -> dict[str, Any]:
    """What every connection of ours is made with, besides its URL, which may say how long to wait."""
    timeout = conninfo_to_dict(libpq).get("connect_timeout", SECONDS_TO_CONNECT)
    return {"connect_timeout": timeout, "options": options(search_path)}


def _engine(url: str, search_path: str, **more: Any) -> Engine:
    made = create_engine(
        sqlalchemy_url(url),
        pool_size=settings().pool_size,
        # A request has one connection, and seldom a second: see api/concurrency_limit.py.
        max_overflow=settings().pool_size,
        pool_timeout=SECONDS_TO_CONNECT,
        json_deserializer=orjson.loads,
        **more,
        connect_args=line_options(url, search_path) | {"cursor_factory": Cursor},
    )
    event.listen(made, "checkout", _is_alive)
    return made


def _is_alive(connection: psycopg.Connection, _record: Any, _proxy: Any) -> None:
    """Nobody shall be told of a restart that is over: a server that went away has said so on the line.

    Looking there costs a microsecond; asking the server would cost a round trip each time.
    """
    line = select.poll()
    line.register(connection.fileno(), select.POLLRDHUP)
    if line.poll(0):
        raise InvalidatePoolError


@cache
def engine() -> Engine:
    """The service's own engine."""
    return _engine(settings().database_url, SCHEMAS)


@cache
def _reading_engine() -> Engine:
    return engine().execution_options(isolation_level="AUTOCOMMIT")


@cache
def public_engine() -> Engine:
    """The engine of the restricted role."""
    return _engine(
        settings().public_database_url,
        PUBLIC_SCHEMAS,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,  # nothing to roll back, and a round trip saved for each request
    )


@contextmanager
def transaction() -> Generator[Session]:
    """A session that commits when the block ends, and rolls back when it raises."""
    with Session(engine(), expire_on_commit=False) as session:
        yield session
        session.commit()


@contextmanager
def reading() -> Generator[Session]:
    """A session in which each statement stands alone; what it changes by mistake is not wanted."""
    with Session(_reading_engine(), autoflush=False) as session:
        yield session


@contextmanager
def public_reading() -> Generator[Session]:
    """As `reading`, by the restricted role."""
    with Session(public_engine(), autoflush=False) as session:
        yield session


async def public_connection() -> psycopg.AsyncConnection[Any]:
    """A connection for coroutines, by the restricted role; each statement stands alone. Close it.

    For what is asked so often that a thread's turn for each would be felt. Errors are psycopg's.
    """
    url = settings().public_database_url
    return await psycopg.AsyncConnection.connect(
        url, autocommit=True, cursor_factory=AsyncCursor, **line_options(url, PUBLIC_SCHEMAS)
    )


def driver_connection(session: Session) -> psycopg.Connection[Any]:
    """The psycopg connection on which the session's transaction runs."""
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
