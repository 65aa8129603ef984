"""May this happen once more? Counters in PostgreSQL, so that they hold for all processes together."""
# SQLModel declares __tablename__ as a descriptor.
# pyright: reportAssignmentType=false

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel

from nerirepo import clock, sql
from nerirepo.columns import MOMENT
from nerirepo.errors import TooMany


class RateCount(SQLModel, table=True):
    """How often `key` happened in the window that began at `began_at`."""

    __tablename__ = "rate_count"

    key: str = Field(primary_key=True)
    began_at: datetime = Field(sa_type=MOMENT, index=True)
    happened: int


@dataclass(frozen=True)
class Limit:
    """At most `times` within `window`, counted from the first."""

    name: str
    times: int
    window: timedelta


_COUNT = """
    INSERT INTO rate_count AS counted (key, began_at, happened) VALUES (:key, :now, 1)
    ON CONFLICT (key) DO UPDATE SET
        began_at = CASE WHEN counted.began_at <= :expired THEN :now ELSE counted.began_at END,
        happened = CASE WHEN counted.began_at <= :expired THEN 1 ELSE counted.happened + 1 END
    RETURNING began_at, happened
"""


_GIVE_BACK = "UPDATE rate_count SET happened = happened - 1 WHERE key = :key AND happened > 0"


def count(session: Session, limit: Limit, subject: str) -> None:
    """Count one more for `subject`, or raise `TooMany` with the seconds to wait.

    It counts in the caller's transaction: what is refused, or fails, has not been counted.
    """
    now = clock.now()
    parameters = {"key": _key(limit, subject), "now": now, "expired": now - limit.window}
    row = sql.first(session, _COUNT, parameters)
    if row.happened > limit.times:
        wait = row.began_at + limit.window - now
        raise TooMany(retry_after=max(1, int(wait.total_seconds())))


def give_back(session: Session, limit: Limit, subject: str) -> None:
    """Take one back that was counted beforehand and turned out not to matter, such as a right password."""
    sql.run(session, _GIVE_BACK, {"key": _key(limit, subject)})


def _key(limit: Limit, subject: str) -> str:
    # Hashed: a subject may be an address, and no counter needs to know whose.
    return f"{limit.name}:{hashlib.sha256(subject.encode()).hexdigest()[:32]}"
