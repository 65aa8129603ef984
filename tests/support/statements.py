"""What is asked of the database: how much, which is exact and so is asserted; and what if all fails?"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from nerirepo.catalogue.offered import offered
from nerirepo.database import db
from nerirepo.database.db import Cursor, Session


@contextmanager
def sent_statements() -> Iterator[list[str]]:
    """What this process sends in the block, the queue's statements too."""
    for engine in (db.engine(), db.public_engine()):
        engine.connect().close()  # the first connection of each asks what kind of server there is
    offered()  # each process asks once a minute what the ward offers
    sent: list[str] = []

    @contextmanager
    def noted(statement: str) -> Iterator[None]:
        sent.append(statement)
        yield

    before, Cursor.around = Cursor.around, noted
    try:
        yield sent
    finally:
        Cursor.around = before


@contextmanager
def statements_that_raise(error: Exception) -> Iterator[None]:
    """Every way to the database fails in the block."""

    def fail(*_: object, **__: object) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patched:
        for way in ("connection", "exec", "execute", "get", "get_one"):
            patched.setattr(Session, way, fail)
        yield
