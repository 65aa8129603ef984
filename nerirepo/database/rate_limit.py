"""May this happen once more? Sliding windows in PostgreSQL, so that they hold for all processes together.

A counter remembers the moments that it has counted: a limit so holds in any window, wherever that begins.
"""
# SQLModel declares __tablename__ as a descriptor.
# pyright: reportAssignmentType=false

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ARRAY
from sqlmodel import Field, Session, SQLModel

from nerirepo.base import clock
from nerirepo.base.clients import networks
from nerirepo.base.errors import TooMany
from nerirepo.database import sql
from nerirepo.database.columns import MOMENT


class RateLog(SQLModel, table=True):
    """When what `key` names has happened, oldest first; never more than its limit allows."""

    __tablename__ = "rate_log"

    key: str = Field(primary_key=True)
    moments: list[datetime] = Field(sa_type=ARRAY(MOMENT))  # type: ignore[arg-type]
    forget_at: datetime = Field(sa_type=MOMENT, index=True)


class RateCount(SQLModel, table=True):
    """What the release before this one counts in, which may run beside it; its successor drops the table."""

    __tablename__ = "rate_count"

    key: str = Field(primary_key=True)
    began_at: datetime = Field(sa_type=MOMENT, index=True)
    happened: int


@dataclass(frozen=True)
class Limit:
    """At most `times` within any `window`."""

    name: str
    times: int
    window: timedelta


@dataclass(frozen=True)
class Counted:
    """One limit, and for whom: `subjects` together are one, such as an account at a client."""

    limit: Limit
    subjects: tuple[str, ...]

    @property
    def key(self) -> str:
        return ":".join((self.limit.name, *map(hashed, self.subjects)))


WIDER = 4
"""Times that a /48 may do what a /64 may: a campus has many of them, and so has somebody who rents one."""


def of_client(limit: Limit, client: str, *others: str) -> tuple[Counted, ...]:
    """What to count for a client's address: its own network and, of IPv6, the wider one as well."""
    near, wide = networks(client)
    counted = (Counted(limit, (*others, near)),)
    if wide is None:
        return counted
    looser = replace(limit, name=f"{limit.name}_48", times=limit.times * WIDER)
    return (*counted, Counted(looser, (*others, wide)))


_COUNT = """
    WITH asked AS (
        SELECT * FROM unnest(CAST(:keys AS text[]), CAST(:times AS int[]), CAST(:ends AS timestamptz[]))
            AS asked (key, times, forget_at)
    ), counted AS (
        INSERT INTO rate_log AS known (key, moments, forget_at)
        SELECT key, ARRAY[CAST(:now AS timestamptz)], forget_at FROM asked ORDER BY key
        ON CONFLICT (key) DO UPDATE SET forget_at = EXCLUDED.forget_at, moments = ARRAY(
            SELECT moment FROM unnest(known.moments) AS moment
            WHERE moment > CAST(:now AS timestamptz) - (EXCLUDED.forget_at - CAST(:now AS timestamptz))
            ORDER BY moment
        ) || CAST(:now AS timestamptz)
        RETURNING key, moments
    )
    SELECT key, moments[cardinality(moments) - times] AS in_the_way FROM counted JOIN asked USING (key)
"""
_GIVE_BACK = """
    UPDATE rate_log SET moments = moments[1:cardinality(moments) - 1]
    WHERE key = ANY(:keys) AND cardinality(moments) > 0
"""
_FORGIVE = """
    WITH forgiven AS (DELETE FROM rate_log WHERE key = :of RETURNING moments)
    UPDATE rate_log AS known SET moments = ARRAY(
        SELECT moment FROM (
            SELECT unnest(known.moments) AS moment EXCEPT ALL SELECT unnest(forgiven.moments)
        ) AS kept ORDER BY moment
    ) FROM forgiven WHERE known.key = ANY(:keys)
"""


def count(session: Session, limit: Limit, *subjects: str) -> None:
    """Count one more for `subjects`, or raise `TooMany` with the seconds to wait."""
    count_all(session, Counted(limit, subjects))


def count_all(session: Session, *counted: Counted) -> None:
    """Count one more for each, or none and raise `TooMany` with the seconds to wait.

    It counts in the caller's transaction: what is refused, or fails, has not been counted.
    """
    if waits := over(session, *counted):
        raise TooMany(retry_after=max(waits.values()))


def over(session: Session, *counted: Counted) -> dict[Counted, int]:
    """Count one more for each; where some are at their limit, count none and return the seconds to wait."""
    now, by_key = clock.now(), {each.key: each for each in counted}
    rows = sql.rows(
        session,
        _COUNT,
        {
            "keys": list(by_key),
            "times": [each.limit.times for each in by_key.values()],
            "ends": [now + each.limit.window for each in by_key.values()],
            "now": now,
        },
    )
    # Of those counted one too many, the moment that has to pass first.
    waits = {
        by_key[row.key]: _seconds(row.in_the_way + by_key[row.key].limit.window - now)
        for row in rows
        if row.in_the_way is not None
    }
    if waits:
        give_back(session, *counted)
    return waits


def give_back(session: Session, *counted: Counted) -> None:
    """Take back what was counted beforehand and turned out not to matter, such as a right password."""
    sql.run(session, _GIVE_BACK, {"keys": [each.key for each in counted]})


def forgive(session: Session, of: Counted, *counted: Counted) -> None:
    """Take back from `counted` all that was counted for `of` at the same moments, and forget `of`."""
    sql.run(session, _FORGIVE, {"of": of.key, "keys": [each.key for each in counted]})


def hashed(subject: str) -> str:
    """A subject may be an address, and no counter needs to know whose."""
    return hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True)
class Standing:
    """A counter as an operator sees it."""

    name: str
    counted: int
    forget_at: datetime


_ABOUT = "key LIKE '%:' || :subject || '%'"
_STANDING = f"""
    SELECT split_part(key, ':', 1) AS name, cardinality(moments) AS counted, forget_at FROM rate_log
    WHERE forget_at > :now AND {_ABOUT} ORDER BY name, counted DESC
"""
_LIFT = f"DELETE FROM rate_log WHERE {_ABOUT}"


def standing(session: Session, subject: str) -> Iterator[Standing]:
    """The counters in which `subject` takes part."""
    for row in sql.rows(session, _STANDING, {"subject": hashed(subject), "now": clock.now()}):
        yield Standing(row.name, row.counted, row.forget_at)


def lift(session: Session, subject: str) -> int:
    """Forget what was counted for `subject`; how many counters that were."""
    return sql.run(session, _LIFT, {"subject": hashed(subject)})


def _seconds(wait: timedelta) -> int:
    return max(1, -int(-wait.total_seconds() // 1))
