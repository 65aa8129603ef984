"""What has a process noticed that `nerirepo check` tells a person? One row a thing, for all processes.

It is written when something changes, never for each request.
"""
# SQLModel declares __tablename__ as a descriptor.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlmodel import Field, Session, SQLModel

from nerirepo.base import clock
from nerirepo.database.columns import MOMENT

PROXY = "proxy"
"""Why all visitors seem to be one; `words` says it."""
BASE = "base"
"""When the last base of a backup was complete."""
CHANGES = "archived change"
"""Up to when the changes of the database were written away."""


class Noticed(SQLModel, table=True):
    __tablename__ = "noticed"

    what: str = Field(primary_key=True)
    at: datetime = Field(sa_type=MOMENT)
    words: str = ""


def note(session: Session, what: str, words: str = "", *, at: datetime | None = None) -> None:
    """In the place of what was noted of `what` before; `at` is now where it is not said."""
    session.merge(Noticed(what=what, at=at or clock.now(), words=words))


def forget(session: Session, what: str) -> None:
    if found := session.get(Noticed, what):
        session.delete(found)


def noted(session: Session, what: str) -> Noticed | None:
    return session.get(Noticed, what)
