"""What is there to do? The reports that a member may see, filtered, sorted and in pages.

One SQL statement, whatever is asked for and however long the page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.errors import Invalid, NotAllowed
from nerirepo.database import sql
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


@dataclass(frozen=True)
class _Order:
    """The order of a list, and where its pages begin. Its keys stand beside each report: `key_0`, `key_1`."""

    direction: str
    keys: tuple[_Key, ...]

    @property
    def by(self) -> str:
        return ", ".join(f"{key.sql} {self.direction}" for key in self.keys)

    @property
    def columns(self) -> str:
        return ", ".join(f"{key.sql} AS key_{position}" for position, key in enumerate(self.keys))

    @property
    def names(self) -> list[str]:
        return [f"key_{position}" for position in range(len(self.keys))]

    @property
    def is_after(self) -> str:
        """The condition of what comes after a cursor."""
        keys = ", ".join(key.sql for key in self.keys)
        last = ", ".join(f"CAST(:key_{position} AS {key.type})" for position, key in enumerate(self.keys))
        return f"({keys}) {'<' if self.direction == 'DESC' else '>'} ({last})"


_RECEIVED = _Key("r.received_at", "timestamptz", cursor.moment)
_ID = _Key("r.id", "uuid", UUID)
_DANGER_FIRST = _Key("CASE WHEN r.is_danger THEN 0 ELSE 1 END", "float8", float)
_DUE_DAY = _Key(f"coalesce({DUE}, date '9999-12-31')", "date", date.fromisoformat)
_ORDERS = {
    Sort.NEWEST: _Order("DESC", (_RECEIVED, _ID)),
    Sort.OLDEST: _Order("ASC", (_RECEIVED, _ID)),
    Sort.DUE: _Order("ASC", (_DANGER_FIRST, _DUE_DAY, _RECEIVED, _ID)),
    Sort.DISTANCE: _Order("ASC", (_Key(_DISTANCE, "float8", float), _ID)),
}


def worklist(session: Session, actor: Actor, filters: Filters, locale: str) -> Page:
    """One page. Raises `NotAllowed` for who reads no reports, `CursorInvalid`, and `NearMissing`."""
    if actor.role not in READS_REPORTS:
        raise NotAllowed
    if filters.sort is Sort.DISTANCE and filters.near is None:
        raise NearMissing
    order = _ORDERS[filters.sort]
    where, values = conditions(actor, filters)
    if filters.cursor:
        ended = cursor.read(filters.cursor, filters.sort, [key.parse for key in order.keys])
        where.append(order.is_after)
        values |= dict(zip(order.names, ended, strict=True))
    values |= {"limit": filters.limit + 1, "excerpt": EXCERPT, "today": clock.today_in_japan()}
    rows = sql.rows(session, _shown(order, _page(filters, order, where)), values)
    shown = rows[: filters.limit]
    last = shown[-1] if len(rows) > len(shown) else None
    return Page(
        items=[item(row, locale) for row in shown],
        next_cursor=cursor.write(filters.sort, [getattr(last, name) for name in order.names])
        if last
        else None,
    )


def _page(filters: Filters, order: _Order, where: list[str]) -> str:
    """Which reports? What else is shown of them is looked for once they are known, but for searched words."""
    return f"""
        SELECT r.*, {_DISTANCE if filters.near else "NULL"} AS distance, {order.columns}
        FROM report r {"LEFT JOIN report_original o ON o.report_id = r.id" if filters.q else ""}
        WHERE {" AND ".join(where) or "true"}
        ORDER BY {order.by}
        LIMIT :limit
    """


def _shown(order: _Order, page: str) -> str:
    return f"""
        SELECT r.id, r.number, r.category_code, r.status, r.visibility, r.version, r.department_code,
            r.assignee_id, r.town, r.received_at, r.due_on, r.expected_on, r.is_danger, r.flags, r.unread_seq,
            r.distance, {", ".join(order.names)},
            c.names AS category_names, d.names AS department_names, m.name AS assignee_name,
            ST_Y(r.location::geometry) AS lat, ST_X(r.location::geometry) AS lon,
            coalesce({DUE} < :today AND {IS_OPEN}, false) AS is_overdue,
            left(o.description, :excerpt) AS words,
            (SELECT p.id FROM report_photo rp JOIN photo p ON p.id = rp.photo_id
             WHERE rp.report_id = r.id AND p.state = 'ready'
             ORDER BY rp.role DESC, rp.position LIMIT 1) AS photo_id
        FROM ({page}) r
        JOIN category c ON c.code = r.category_code
        JOIN department d ON d.code = r.department_code
        LEFT JOIN member m ON m.id = r.assignee_id
        LEFT JOIN report_original o ON o.report_id = r.id
        ORDER BY {order.by}
    """
