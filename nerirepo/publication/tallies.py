"""How many reports are there, by month, kind, office and town, and what became of them?

Of all reports, published or not, so that the backlog that is shown is the whole one; written into schema
`published` by a job. Good deeds ask for nothing and are counted apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, insert, text
from sqlmodel import Session, select

from nerirepo import clock
from nerirepo.publication.joined import AT_LEAST, joined, told
from nerirepo.publication.policy import ONLY_WITH_WORDS, PUBLIC_FACTS
from nerirepo.publication.tables import PublishedTally
from nerirepo.reports.status import OPEN, Status

SILENT_AFTER = timedelta(days=14)
"""An open report about which nobody has said anything to the public for longer than this."""
OUTCOMES = ("open", "resolved", "handed_over", "declined", "otherwise")
"""Each report is in one of them."""

_OF_THOSE = ("confirmed", "reopened", "silent")
_PROPERTIES = ("month", "category", "department", "town")

_COUNT = text(
    """
    WITH fact AS (
        SELECT
            to_char(received_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM') AS month,
            category_code AS category,
            department_code AS department,
            coalesce(town, '') AS town,
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
        month, category, department, town,
        CASE WHEN GROUPING(month) = 0 THEN 'month' WHEN GROUPING(category) = 0 THEN 'category'
            WHEN GROUPING(department) = 0 THEN 'department' WHEN GROUPING(town) = 0 THEN 'town'
            ELSE 'all' END AS by,
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
    GROUP BY GROUPING SETS ((), (month), (category), (department), (town))
    """
)


def count(session: Session) -> None:
    """Write the numbers as they are now, if any has changed. The handler of job COUNT."""
    # Over a million reports it takes several seconds; the limit on statements is for people who wait.
    session.execute(text("SET LOCAL statement_timeout = '5min'"))
    session.execute(text("LOCK TABLE published.tally IN SHARE ROW EXCLUSIVE MODE"))
    rows = [*_of_repairs(session), *_of_deeds(session)]
    standing = session.exec(select(PublishedTally)).all()
    if _as_set(rows) == _as_set(each.model_dump(exclude={"counted_at"}) for each in standing):
        return
    session.execute(delete(PublishedTally))
    if rows:
        session.execute(insert(PublishedTally), [row | {"counted_at": clock.now()} for row in rows])


def _of_repairs(session: Session) -> list[dict[str, Any]]:
    values = {
        "open": [str(each) for each in OPEN],
        "public": [str(each) for each in PUBLIC_FACTS],
        "only_with_words": [str(each) for each in ONLY_WITH_WORDS],
        "silent_since": clock.now() - SILENT_AFTER,
    }
    groups: dict[str, list[RowMapping]] = defaultdict(list)
    for row in session.execute(_COUNT, values).mappings():
        groups[row["by"]].append(row)
    return [row for by in ("all", *_PROPERTIES) for row in _told(by, groups[by])]


def _told(by: str, rows: Iterable[RowMapping]) -> list[dict[str, Any]]:
    """The rows whose number may be told, and one for all others together."""
    keyed = {str(row[by]) if by != "all" else "all": row for row in rows}
    nowhere = keyed.pop("", None)  # no town is no place: it is never told alone
    alone, together = joined(
        {key: row["received"] for key, row in keyed.items()}, besides=nowhere["received"] if nowhere else 0
    )
    others = [row for key, row in keyed.items() if key not in alone] + ([nowhere] if nowhere else [])
    told_rows = [_told_row(by, key, [keyed[key]]) for key, number in alone.items() if number]
    return [*told_rows, _told_row(by, "", others)] if together >= AT_LEAST else told_rows


def _told_row(by: str, key: str, rows: list[RowMapping]) -> dict[str, Any]:
    """One row of the table. For several together there is no usual time."""
    alone, together = joined({name: sum(row[name] for row in rows) for name in OUTCOMES})
    half, most = rows[0]["fixed_days"] or (None, None) if len(rows) == 1 else (None, None)
    return {
        "by": by,
        "key": key,
        "received": sum(row["received"] for row in rows),
        **{name: alone.get(name) for name in OUTCOMES},
        "joined": together,
        **{name: told(sum(row[name] for row in rows)) for name in _OF_THOSE},
        "half_fixed_days": _days(half),
        "most_fixed_days": _days(most),
    }


def _days(days: float | None) -> int | None:
    return None if days is None or days == float("inf") else int(days)


def _of_deeds(session: Session) -> list[dict[str, Any]]:
    found = session.execute(
        text("SELECT count(*) FROM report WHERE is_deed AND status <> :withdrawn"),
        {"withdrawn": str(Status.WITHDRAWN)},
    ).scalar_one()
    if found < AT_LEAST:
        return []
    nothing = dict.fromkeys(
        (*OUTCOMES, "confirmed", "reopened", "silent", "half_fixed_days", "most_fixed_days")
    )
    return [{"by": "deeds", "key": "all", "received": found, "joined": found, **nothing}]


def _as_set(rows: Iterable[dict[str, Any]]) -> set[frozenset[tuple[str, Any]]]:
    return {frozenset(row.items()) for row in rows}
