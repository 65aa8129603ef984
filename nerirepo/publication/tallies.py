"""How many published reports are there, by month, kind, office and town, and what became of them?

Each number is of published reports alone, which everybody may count: no table, and no difference of two,
of another. The one number of what is not published moves in large steps, once a week: decision 0010.
Written into schema `published` by a job. Good deeds ask for nothing and are counted apart.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, select

from nerirepo.base import clock
from nerirepo.database import sql
from nerirepo.publication.measures import CONDITIONS, COUNTED, PROPERTIES, SILENT_AFTER, Which
from nerirepo.publication.tables import PublishedTally
from nerirepo.reports.status import REPAIRED

AT_LEAST = 3
"""One report might be a neighbour's; two, his and that of the one who asks. The k of k-anonymity."""
STEP = 10
"""What is not published is told in full tens: a few more or fewer are not seen, and who knows some of them
cannot subtract the rest."""
UNPUBLISHED = "unpublished"

_NOTHING: dict[str, Any] = dict.fromkeys([*map(str, COUNTED), "half_fixed_days", "most_fixed_days"])
_BY_PROPERTY = ", ".join(f"{of} AS {name}" for name, of in PROPERTIES.items())
_BY = " ".join(f"WHEN GROUPING({name}) = 0 THEN '{name}'" for name in PROPERTIES)
_MEASURES = ", ".join(f"({' AND '.join(CONDITIONS[which])}) AS {which}" for which in (*COUNTED, Which.TIMED))
_COUNT = f"""
    WITH fact AS (
        SELECT
            {_BY_PROPERTY},
            {_MEASURES},
            CASE WHEN status IN ({sql.literals(REPAIRED)}) THEN
                (closed_at AT TIME ZONE 'Asia/Tokyo')::date - (received_at AT TIME ZONE 'Asia/Tokyo')::date
            ELSE 'Infinity'::float END AS days
        FROM published.report AS report
        WHERE NOT is_deed
    )
    SELECT
        {", ".join(PROPERTIES)},
        CASE {_BY} ELSE 'all' END AS by,
        {", ".join(f"count(*) FILTER (WHERE {which}) AS {which}" for which in COUNTED)},
        percentile_disc(ARRAY[0.5, 0.8]) WITHIN GROUP (ORDER BY days) FILTER (WHERE timed) AS fixed_days
    FROM fact
    GROUP BY GROUPING SETS ((), {", ".join(f"({name})" for name in PROPERTIES)})
"""
_COUNT_DEEDS = f"""
    SELECT count(*) AS received FROM published.report AS report WHERE {" AND ".join(CONDITIONS[Which.DEED])}
"""
_COUNT_UNPUBLISHED = """
    SELECT
        count(*) FILTER (WHERE received_at < :until) AS counted,
        count(*) FILTER (WHERE received_at >= :until) AS fresh
    FROM report
    WHERE received_at < :monday
        AND NOT EXISTS (SELECT FROM published.report AS copy WHERE copy.id = report.id)
"""


def count(session: Session) -> None:
    """Write the numbers as they are now, if any has changed. The handler of job COUNT."""
    # Over a million reports it takes several seconds; the limit on statements is for people who wait.
    sql.run(session, "SET LOCAL statement_timeout = '5min'")
    sql.run(session, "LOCK TABLE published.tally IN SHARE ROW EXCLUSIVE MODE")
    standing = session.exec(select(PublishedTally)).all()
    told = next((each for each in standing if each.by == UNPUBLISHED), None)
    unpublished = _of_unpublished(session, told, clock.today_in_japan())
    rows = [*_of_repairs(session), *_of_deeds(session)]
    if told is unpublished and _as_set(rows) == _as_set(
        each.model_dump(exclude={"counted_at"}) for each in standing if each is not told
    ):
        return
    now = clock.now()
    written = [unpublished.model_dump(), *(row | {"counted_at": now} for row in rows)]
    session.exec(delete(PublishedTally))
    session.exec(insert(PublishedTally), params=written)


def _of_repairs(session: Session) -> list[dict[str, Any]]:
    found = sql.rows(session, _COUNT, {"silent_since": clock.now() - SILENT_AFTER})
    return [_told(row._asdict()) for row in found if row.received]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    by = row["by"]
    numbers = {str(which): row[which] for which in COUNTED}
    half, most = row["fixed_days"] or (None, None)
    return {
        "by": by,
        "key": "all" if by == "all" else row[by],
        "joined": 0,
        "half_fixed_days": _days(half),
        "most_fixed_days": _days(most),
        "published": numbers,
        **numbers,
    }


def _days(days: float | None) -> int | None:
    return None if days is None or days == float("inf") else int(days)


def _of_deeds(session: Session) -> list[dict[str, Any]]:
    received = sql.first(session, _COUNT_DEEDS).received
    row = {"by": "deeds", "key": "all", "joined": 0, "published": {"received": received}}
    return [_NOTHING | row | {"received": received}] if received else []


def _of_unpublished(session: Session, told: PublishedTally | None, today: date) -> PublishedTally:
    """The one that stands, but for the first count of a week.

    Its key is the day before which reports are counted that are not published. The day moves on only where
    since then `AT_LEAST` have come that still are not: one or two wait for others.
    """
    this_week = today - timedelta(days=today.weekday())
    if told and told.counted_at >= _beginning(this_week):
        return told
    until = date.fromisoformat(told.key) if told else this_week
    days = {"until": _beginning(until), "monday": _beginning(this_week)}
    found = sql.first(session, _COUNT_UNPUBLISHED, days)
    if found.fresh >= AT_LEAST:
        until, number = this_week, found.counted + found.fresh
    else:
        number = found.counted
    row: dict[str, Any] = {
        "by": UNPUBLISHED,
        "key": until.isoformat(),
        "received": number // STEP * STEP,
        "joined": 0,
        "published": {},
        "counted_at": _beginning(this_week),
    }
    return PublishedTally(**_NOTHING | row)


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.JST)


def _as_set(rows: Iterable[dict[str, Any]]) -> set[str]:
    return {json.dumps(row, sort_keys=True) for row in rows}
