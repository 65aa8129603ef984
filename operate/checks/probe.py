"""What a check is made of: a question to the database, and a fault with the way out."""

from nerirepo.database import sql
from nerirepo.database.db import reading


class Fault(Exception):
    """What is wrong, and what to do about it."""


def ask(statement: str) -> object:
    """The first value of the first row."""
    with reading() as session:
        found = sql.first(session, statement)
    return found and found[0]


def first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0]
