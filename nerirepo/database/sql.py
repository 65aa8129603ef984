"""Statements that are written by hand, sent by the driver itself, in the session's own transaction.

What is put together from SQLModel's classes goes through the session. For one of these SQLAlchemy would spend
more than the driver and PostgreSQL together: people wait for several, and none needs it. Parameters are
written `:name`, as in SQLAlchemy's `text`, and errors are SQLAlchemy's, so that nobody has to know two kinds.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, LiteralString, cast

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import Session

from nerirepo.database.db import driver_connection


def literals(members: Iterable[StrEnum]) -> str:
    """For `IN (...)`. From a parameter the database would not see that a partial index is enough."""
    return ", ".join(f"'{each}'" for each in sorted(members))


Values = Mapping[str, Any]
"""By name, as psycopg adapts them: JSON as `psycopg.types.json.Jsonb`."""


def rows(session: Session, statement: str, values: Values | None = None) -> list[Any]:
    """All rows, as named tuples."""
    return _sent(session, statement, values).fetchall()


def first(session: Session, statement: str, values: Values | None = None) -> Any:
    """The first row, as a named tuple; None where there is none."""
    return _sent(session, statement, values).fetchone()


def run(session: Session, statement: str, values: Values | None = None) -> int:
    """For a statement that answers with no rows: how many it has written."""
    return _sent(session, statement, values).rowcount


def _sent(session: Session, statement: str, values: Values | None) -> psycopg.Cursor[Any]:
    driver = driver_connection(session)
    try:
        return driver.cursor(row_factory=namedtuple_row).execute(_for_driver(statement), values or {})
    except psycopg.Error as fault:
        raise failed(session, statement, fault) from fault


def failed(session: Session, statement: str, fault: psycopg.Error) -> StatementError:
    """The driver's `fault` as SQLAlchemy's; a connection that broke is given to nobody again."""
    connection, driver = session.connection(), driver_connection(session)
    if driver.closed:
        connection.invalidate(fault)
    return DBAPIError.instance(
        statement,
        None,  # what people wrote
        fault,
        psycopg.Error,
        connection_invalidated=driver.closed,
        dialect=connection.dialect,
    )


@lru_cache(maxsize=512)
def _for_driver(statement: str) -> LiteralString:
    # Reading a statement for its parameters takes as long as sending it.
    return cast("LiteralString", str(text(statement).compile(dialect=PGDialect_psycopg())))
