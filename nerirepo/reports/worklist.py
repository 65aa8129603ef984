"""What is there to do? The reports that a member may see, filtered, sorted and in pages.

One SQL statement, whatever is asked for and however long the page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from nerirepo import clock, sql
from nerirepo.errors import Invalid, NotAllowed
from nerirepo.reports import cursor
from nerirepo.reports.permissions import READS_REPORTS, Actor
from nerirepo.reports.worklist_filters import DUE, IS_OPEN, Filters, Sort, conditions
from nerirepo.reports.worklist_item import Page, item

LONGEST_PAGE = 100
EXCERPT = 120
"""Characters of the resident's words: two lines on a phone."""


class NearMissing(Invalid):
    """Sorting by distance needs a place to measure from."""

    code = "near_missing"


_DISTANCE = "ST_Distance(r.location, CAST(:here AS geography))"


@dataclass(frozen=True)
class _Key:
    """One key of a sort. `parse` reads it from a cursor."""

    sql: str
    type: str
    parse: Callable[[str], Any]


_RECEIVED = _Key("r.received_at", "timestamptz", cursor.moment)
_ID = _Key("r.id", "uuid", UUID)
_SORTS: dict[Sort, tuple[str, tuple[_Key, ...]]] = {
    Sort.NEWEST: ("DESC", (_RECEIVED, _ID)),
    Sort.OLDEST: ("ASC", (_RECEIVED, _ID)),
    Sort.DUE: (
        "ASC",
        (
            _Key("CASE WHEN r.is_danger THEN 0 ELSE 1 END", "float8", float),
            _Key(f"coalesce({DUE}, date '9999-12-31')", "date", date.fromisoformat),
            _RECEIVED,
            _ID,
        ),
    ),
    Sort.DISTANCE: ("ASC", (_Key(_DISTANCE, "float8", float), _ID)),
}

_ORIGINAL = "LEFT JOIN report_original o ON o.report_id = r.id"
"""Needed for every report only while searching in words; else for those of the page."""

_PAGE = """
    WITH page AS (
        SELECT r.*, {distance} AS distance, {keys}
        FROM report r {words}
        WHERE {where}
        ORDER BY {order}
        LIMIT :limit
    )
    SELECT r.id, r.number, r.category_code, r.status, r.visibility, r.version, r.department_code,
        r.assignee_id, r.town, r.received_at, r.due_on, r.expected_on, r.is_danger, r.flags, r.unread_seq,
        r.distance,
        {key_names}, c.names AS category_names, d.names AS department_names, m.name AS assignee_name,
        ST_Y(r.location::geometry) AS lat, ST_X(r.location::geometry) AS lon,
        coalesce({due} < :today AND {is_open}, false) AS is_overdue,
        left(o.description, :excerpt) AS words,
        (SELECT p.id FROM report_photo rp JOIN photo p ON p.id = rp.photo_id
         WHERE rp.report_id = r.id AND p.state = 'ready'
         ORDER BY rp.role DESC, rp.position LIMIT 1) AS photo_id
    FROM page r
    JOIN category c ON c.code = r.category_code
    JOIN department d ON d.code = r.department_code
    LEFT JOIN member m ON m.id = r.assignee_id
    {original}
    ORDER BY {order}
"""


def worklist(session: Session, actor: Actor, filters: Filters, locale: str) -> Page:
    """One page. Raises `NotAllowed` for who reads no reports, `CursorInvalid`, and `NearMissing`."""
    if actor.role not in READS_REPORTS:
        raise NotAllowed
    if filters.sort is Sort.DISTANCE and filters.near is None:
        raise NearMissing
    direction, keys = _SORTS[filters.sort]
    where, values = conditions(actor, filters)
    if filters.cursor:
        ended = cursor.read(filters.cursor, filters.sort, [key.parse for key in keys])
        values |= {f"ended_{position}": value for position, value in enumerate(ended)}
        last = ", ".join(f"CAST(:ended_{position} AS {key.type})" for position, key in enumerate(keys))
        comparison = "<" if direction == "DESC" else ">"
        where.append(f"({', '.join(key.sql for key in keys)}) {comparison} ({last})")
    statement = _PAGE.format(
        distance=_DISTANCE if filters.near else "NULL",
        keys=", ".join(f"{key.sql} AS key_{position}" for position, key in enumerate(keys)),
        key_names=", ".join(f"r.key_{position}" for position in range(len(keys))),
        words=_ORIGINAL if filters.q else "",
        original=_ORIGINAL,
        where=" AND ".join(where) or "true",
        order=", ".join(f"{key.sql} {direction}" for key in keys),
        due=DUE,
        is_open=IS_OPEN,
    )
    values |= {"limit": filters.limit + 1, "excerpt": EXCERPT}
    rows = sql.rows(session, statement, values | {"today": clock.today_in_japan()})
    shown = rows[: filters.limit]
    more = len(rows) > len(shown)
    ended = [getattr(shown[-1], f"key_{position}") for position in range(len(keys))] if more else []
    return Page(
        items=[item(row, locale) for row in shown],
        next_cursor=cursor.write(filters.sort, ended) if more else None,
    )
