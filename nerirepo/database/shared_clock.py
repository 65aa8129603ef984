"""Whose clock do all processes go by? The database's: it is the one thing that all of them share.

A machine whose clock is hours off would take letters out of the hands of others, or leave its own for hours.
"""

import logging
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from nerirepo.base import clock
from nerirepo.database import sql
from nerirepo.database.db import reading

SECONDS_BETWEEN_LOOKS = 10.0
"""In between the machine's steady clock counts on, which nobody sets."""

log = logging.getLogger(__name__)


@contextmanager
def synchronised() -> Generator[None]:
    """For the length of the block `clock.now` follows the database's clock, in all threads."""
    over = threading.Event()
    _look()
    looking = threading.Thread(target=_keep_looking, args=(over,), name="shared clock", daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()
        clock.agree(None)


def _keep_looking(over: threading.Event) -> None:
    while not over.wait(SECONDS_BETWEEN_LOOKS):
        _look()


def _look() -> None:
    try:
        with reading() as session:
            session.connection()  # which may have to be made first
            asked = time.monotonic()
            theirs = sql.first(session, "SELECT clock_timestamp() AS now").now
            clock.agree(theirs, at=(asked + time.monotonic()) / 2)
    except SQLAlchemyError as fault:
        log.warning("the database's clock could not be read: %s", type(fault).__name__)
