"""How many reports are there, by month, kind, office and town, and what became of them?

Of all reports, published or not, so that the backlog that is shown is the whole one; and beside each number,
how many of them are published, which are the rows that it opens. Written into schema `published` by a job.
Good deeds ask for nothing and are counted apart.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, select

from nerirepo import clock, sql
from nerirepo.publication.joined import AT_LEAST, Cell, Line, joined, untold
from nerirepo.publication.policy import ONLY_WITH_WORDS, PUBLIC_FACTS
from nerirepo.publication.tables import PublishedTally
from nerirepo.publication.which import CONDITIONS, COUNTED, PROPERTIES, SILENT_AFTER, Which
from nerirepo.reports.status import OPEN

_Row = dict[str, Any]

OUTCOMES = ("open", "resolved", "handed_over", "declined", "otherwise")
"""Each report is in one of them."""

OF_THOSE = {"confirmed": "resolved", "silent": "open", "reopened": "received"}
"""Each counts some of another column: whoever sees both knows how many are the rest."""

_BY_PROPERTY = ", ".join(f"{of} AS {name}" for name, of in PROPERTIES.items())
_IN_EACH = f"""
    {", ".join(PROPERTIES)},
    CASE {" ".join(f"WHEN GROUPING({name}) = 0 THEN '{name}'" for name in PROPERTIES)} ELSE 'all' END AS by
"""
_SETS = f"GROUP BY GROUPING SETS ((), {', '.join(f'({name})' for name in PROPERTIES)})"

_COUNT = f"""
    WITH fact AS (
        SELECT
            {_BY_PROPERTY},
            status,
            confirmed_fixed_at,
            reopened.report_id IS NOT NULL AS is_reopened,
            CASE WHEN status = ANY(:open) THEN (
                SELECT max(event.at)
                FROM report_event AS event LEFT JOIN event_text AS words ON words.event_seq = event.seq
                WHERE event.report_id = report.id AND event.kind = ANY(:public)
                    AND (event.kind <> ALL(:only_with_words) OR words.public_note <> '')
            ) END AS told_at,
            CASE WHEN status = 'resolved' THEN
                (closed_at AT TIME ZONE 'Asia/Tokyo')::date - (received_at AT TIME ZONE 'Asia/Tokyo')::date
            ELSE 'Infinity'::float END AS days
        FROM report
        LEFT JOIN (SELECT DISTINCT report_id FROM report_event WHERE kind = 'reopen') AS reopened
            ON reopened.report_id = report.id
        WHERE NOT is_deed
    )
    SELECT
        {_IN_EACH},
        count(*) AS received,
        count(*) FILTER (WHERE status = ANY(:open)) AS open,
        count(*) FILTER (WHERE status = 'resolved') AS resolved,
        count(*) FILTER (WHERE status = 'handed_over') AS handed_over,
        count(*) FILTER (WHERE status = 'declined') AS declined,
        count(*) FILTER (WHERE status IN ('duplicate', 'withdrawn', 'thanked')) AS otherwise,
        count(*) FILTER (WHERE status = 'resolved' AND confirmed_fixed_at IS NOT NULL) AS confirmed,
        count(*) FILTER (WHERE is_reopened) AS reopened,
        count(*) FILTER (WHERE told_at < :silent_since) AS silent,
        percentile_disc(ARRAY[0.5, 0.8]) WITHIN GROUP (ORDER BY days)
            FILTER (WHERE status NOT IN ('duplicate', 'withdrawn', 'thanked')) AS fixed_days
    FROM fact
    {_SETS}
"""
_COUNT_PUBLISHED = f"""
    WITH fact AS (
        SELECT {_BY_PROPERTY},
            {", ".join(f"({' AND '.join(CONDITIONS[which])}) AS {which}" for which in COUNTED)}
        FROM published.report AS report
    )
    SELECT {_IN_EACH}, {", ".join(f"count(*) FILTER (WHERE {which}) AS {which}" for which in COUNTED)}
    FROM fact
    {_SETS}
"""
_COUNT_DEEDS = f"""
    SELECT count(*) AS received, (
        SELECT count(*) FROM published.report AS report WHERE {" AND ".join(CONDITIONS[Which.DEED])}
    ) AS published
    FROM report WHERE is_deed AND status <> 'withdrawn'
"""


def count(session: Session) -> None:
    """Write the numbers as they are now, if any has changed. The handler of job COUNT."""
    # Over a million reports it takes several seconds; the limit on statements is for people who wait.
    sql.run(session, "SET LOCAL statement_timeout = '5min'")
    sql.run(session, "LOCK TABLE published.tally IN SHARE ROW EXCLUSIVE MODE")
    rows = [*_of_repairs(session), *_of_deeds(session)]
    standing = session.exec(select(PublishedTally)).all()
    if _as_set(rows) == _as_set(each.model_dump(exclude={"counted_at"}) for each in standing):
        return
    session.execute(delete(PublishedTally))
    if rows:
        session.execute(insert(PublishedTally), [row | {"counted_at": clock.now()} for row in rows])


def _of_repairs(session: Session) -> list[dict[str, Any]]:
    silent_since = clock.now() - SILENT_AFTER
    values = {
        "open": [str(each) for each in OPEN],
        "public": [str(each) for each in PUBLIC_FACTS],
        "only_with_words": [str(each) for each in ONLY_WITH_WORDS],
        "silent_since": silent_since,
    }
    every = _by_property(sql.rows(session, _COUNT, values))
    return tell(every, _by_property(sql.rows(session, _COUNT_PUBLISHED, {"silent_since": silent_since})))


def _by_property(rows: list[Any]) -> dict[str, dict[str, _Row]]:
    """Property to key to row; no town is the key ''."""
    found: dict[str, dict[str, _Row]] = defaultdict(dict)
    for row in (each._asdict() for each in rows):
        found[row["by"]]["all" if row["by"] == "all" else str(row[row["by"]])] = row
    return found


def tell(
    every: Mapping[str, Mapping[str, _Row]], published: Mapping[str, Mapping[str, _Row]]
) -> list[dict[str, Any]]:
    """The rows that are written: where a number may not be told, None stands. Pure."""
    rows = [row for by in ("all", *PROPERTIES) for row in _summed(by, every[by], published[by])]
    numbers = {
        (row["by"], row["key"], column): row[column]
        for row in rows
        for column in ("received", *OUTCOMES, *OF_THOSE)
    }
    numbers |= {
        (*row, _rest(part)): numbers[*row, whole] - numbers[*row, part]
        for row in {cell[:2] for cell in numbers}
        for part, whole in OF_THOSE.items()
    }
    hidden = untold(numbers, _lines(rows))
    return [_told(row, hidden) for row in rows]


def _summed(by: str, keyed: Mapping[str, _Row], published: Mapping[str, _Row]) -> list[dict[str, Any]]:
    """A row for each that may be told alone, and one for all others together."""
    nowhere = keyed.get("")  # no town is no place: it is never told alone
    counts = {key: row["received"] for key, row in keyed.items() if key}
    alone, together = joined(counts, besides=nowhere["received"] if nowhere else 0)
    told = sorted(key for key, number in alone.items() if number)  # of two alike, always the same is hidden
    rows = [_sum(by, key, [keyed[key]], [published[key]] if key in published else []) for key in told]
    if together < AT_LEAST:
        return rows
    others, shown = ([row for key, row in of.items() if key not in told] for of in (keyed, published))
    return [*rows, _sum(by, "", others, shown)]


def _sum(by: str, key: str, rows: list[_Row], published: list[_Row]) -> dict[str, Any]:
    """One row of the table. For several together there is no usual time."""
    half, most = rows[0]["fixed_days"] or (None, None) if len(rows) == 1 else (None, None)
    return {
        "by": by,
        "key": key,
        **{name: sum(row[name] for row in rows) for name in ("received", *OUTCOMES, *OF_THOSE)},
        "half_fixed_days": _days(half),
        "most_fixed_days": _days(most),
        "published": {which.value: sum(row[which] for row in published) for which in COUNTED},
    }


def _rest(part: str) -> str:
    """The column that nobody writes, and everybody can work out."""
    return f"not {part}"


def _lines(rows: list[dict[str, Any]]) -> list[Line]:
    """What adds up: a row's outcomes, a part of a number and its rest, and the rows of a property."""
    lines = []
    for row in ((row["by"], row["key"]) for row in rows):
        lines.append(Line((*row, "received"), tuple((*row, outcome) for outcome in OUTCOMES)))
        for part, whole in OF_THOSE.items():
            lines.append(Line((*row, whole), ((*row, _rest(part)), (*row, part))))
    for by in PROPERTIES:
        keys = [row["key"] for row in rows if row["by"] == by]
        for column in (*OUTCOMES, *OF_THOSE):
            lines.append(Line(("all", "all", column), tuple((by, key, column) for key in keys)))
    return lines


def _told(row: dict[str, Any], hidden: Collection[Cell]) -> dict[str, Any]:
    columns = {column for column in row if (row["by"], row["key"], column) in hidden}
    together = sum(row[outcome] for outcome in OUTCOMES if outcome in columns)
    if "resolved" in columns:
        # That half are fixed and 80 % are not says of 3 that they are 2.
        columns |= {"half_fixed_days", "most_fixed_days"}
    return row | dict.fromkeys(columns) | {"joined": together}


def _days(days: float | None) -> int | None:
    return None if days is None or days == float("inf") else int(days)


def _of_deeds(session: Session) -> list[dict[str, Any]]:
    found = sql.first(session, _COUNT_DEEDS)
    if found.received < AT_LEAST:
        return []
    nothing = dict.fromkeys(
        (*OUTCOMES, "confirmed", "reopened", "silent", "half_fixed_days", "most_fixed_days")
    )
    published = {Which.RECEIVED.value: found.published}
    told = {"received": found.received, "joined": found.received, "published": published}
    return [{"by": "deeds", "key": "all", **told, **nothing}]


def _as_set(rows: Iterable[dict[str, Any]]) -> set[str]:
    return {json.dumps(row, sort_keys=True) for row in rows}
