"""Which reports are published? The newest, one of them, and those near a place."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session
from typing_extensions import TypedDict

from nerirepo.database import sql
from nerirepo.publication.read.filters import Filters
from nerirepo.publication.read.item import COLUMNS, FROM, NAMES, PublicReport, item
from nerirepo.publication.read.kinds import kinds
from nerirepo.reports import cursor as cursors
from nerirepo.words.language import Named, contact, name

SAME_KIND_METRES = 50
"""GPS in a street between houses is off by this much."""
NEARBY_AT_MOST = 10


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    CLOSED = "closed"
    """Only what is closed, the latest first."""


_ORDER = {
    Sort.NEWEST: ("received_at", "DESC", "<"),
    Sort.OLDEST: ("received_at", "ASC", ">"),
    Sort.CLOSED: ("closed_at", "DESC", "<"),
}
_CURSOR = "published"
LOOKED_THROUGH = 1000
"""A common word is found sooner by reading the list from its beginning than by its index. Whatever is not
found among so many is rare enough for the index."""


@dataclass(frozen=True)
class Page:
    items: list[PublicReport]
    next_cursor: str | None


class NearbyReport(PublicReport):
    """A published report near a place, how far away it lies, and whether it is of the very category asked."""

    metres: int
    same_kind: bool


class PublicEvent(TypedDict):
    """One line of a published report's history."""

    kind: str
    at: datetime
    status: str
    note: str | None
    facts: dict[str, Any]


class OtherManager(Named):
    """Who looks after the thing, where it is not the ward."""

    contact: dict[str, Any]


class PublicCase(PublicReport):
    """`glad_count`: how many people have said that they are glad it is fixed."""

    glad_count: int
    timeline: list[PublicEvent]
    manager: OtherManager | None
    parent_number: str | None


@dataclass(frozen=True)
class TakenBack:
    """Was public once, and is not any more."""

    number: str


def newest(
    session: Session,
    filters: Filters = Filters(),
    *,
    sort: Sort = Sort.NEWEST,
    cursor: str | None = None,
    limit: int = 20,
    language: str = "ja",
) -> Page:
    """Newest first unless `sort` says otherwise, `limit` of 1 to 100. Raises `CursorInvalid`."""
    conditions, values = filters.sql()
    column, direction, beyond = _ORDER[sort]
    if sort == Sort.CLOSED:
        conditions.append("report.closed_at IS NOT NULL")
    if cursor:
        conditions.append(f"(report.{column}, report.id) {beyond} (:after_at, :after_id)")
        after_at, after_id = cursors.read(cursor, _CURSOR, [cursors.moment, UUID])
        values |= {"after_at": after_at, "after_id": after_id}
    order = f"ORDER BY report.{column} {direction}, report.id {direction}"
    found = _found(session, filters, conditions, order, values)
    statement = f"""
        SELECT {COLUMNS} FROM (SELECT report.* FROM {found} {order} LIMIT :limit) AS report {NAMES} {order}
    """
    rows = sql.rows(session, statement, values | {"limit": limit + 1})
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(
        items=[item(row, language) for row in rows[:limit]],
        next_cursor=cursors.write(_CURSOR, (getattr(last, column), last.id)) if last else None,
    )


def _found(
    session: Session, filters: Filters, conditions: list[str], order: str, values: dict[str, Any]
) -> str:
    """What follows FROM, up to the WHERE; adds to `values`."""
    if not filters.words:
        return f"published.report AS report {_where(conditions)}"
    indexed, exact, given = filters.sql_of_words(kinds(session, filters.words))
    values |= given | {"looked_through": LOOKED_THROUGH}
    return f"""
        published.report AS report WHERE id = ANY (ARRAY(
            WITH first AS MATERIALIZED (
                SELECT id, searchable, category_code FROM published.report AS report
                {_where(conditions)} {order}
                LIMIT :looked_through
            ), early AS MATERIALIZED (
                SELECT id FROM first AS report WHERE {exact} LIMIT :limit
            )
            SELECT id FROM early WHERE (SELECT count(*) FROM early) = :limit
            UNION ALL
            SELECT id FROM (
                SELECT id FROM published.report AS report
                {_where([*conditions, indexed, exact])} {order} LIMIT :limit
            ) AS by_index WHERE (SELECT count(*) FROM early) < :limit
        ))
    """


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def one(session: Session, number_or_id: str, language: str = "ja") -> PublicCase | TakenBack | None:
    """A published report by its number or id; `TakenBack` once it was public and is not any more.

    Its timeline begins with the oldest; `parent_number` is that of the report that it repeats, where that is
    public.
    """
    found = sql.first(
        session,
        f"""
        SELECT {COLUMNS}, report.timeline, report.glad_count, parent.number AS parent_number,
            manager.code AS manager_code, manager.names AS manager_names,
            manager.contact AS manager_contact, withdrawn.number AS withdrawn_number
        FROM (SELECT CAST(:id AS uuid) AS id, CAST(:number AS text) AS number) AS asked
        LEFT JOIN ({FROM}) ON report.id = asked.id OR report.number = asked.number
        LEFT JOIN published.report AS parent ON parent.number = report.parent_number
        LEFT JOIN published.office AS manager
            ON manager.code = report.manager_code AND NOT manager.is_department
        LEFT JOIN published.withdrawn AS withdrawn
            ON withdrawn.id = asked.id OR withdrawn.number = asked.number
        """,
        _asked(number_or_id),
    )
    if found.number is None:
        return TakenBack(found.withdrawn_number) if found.withdrawn_number else None
    manager: OtherManager | None = found.manager_code and {
        "code": found.manager_code,
        "name": name(found.manager_names, language),
        "contact": contact(found.manager_contact or {}, language),
    }
    return {
        **item(found, language),
        "timeline": [line | {"at": datetime.fromisoformat(line["at"])} for line in found.timeline],
        "glad_count": found.glad_count,
        "manager": manager,
        "parent_number": found.parent_number,
    }


def nearby(
    session: Session,
    lat: float,
    lon: float,
    category: str | None = None,
    *,
    metres: float = SAME_KIND_METRES,
    language: str = "ja",
) -> list[NearbyReport]:
    """Published reports of the same group (top category) around a point, nearest first.

    "Is it this one?": those still open, and those closed in the last 30 days. What was merged into another
    report is told by that one.
    """
    rows = sql.rows(
        session,
        f"""
        WITH around AS (
            SELECT coalesce(found.parent_number, found.number) AS number,
                min(ST_Distance(found.point::geography, here.point::geography)) AS metres
            FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS point) AS here,
                published.report AS found
            WHERE found.point && ST_Envelope(ST_Buffer(here.point::geography, :metres)::geometry)
                AND ST_DWithin(found.point::geography, here.point::geography, :metres)
            GROUP BY 1
        )
        SELECT {COLUMNS}, around.metres, report.category_code IS NOT DISTINCT FROM :category AS same_kind
        FROM around JOIN ({FROM}) ON report.number = around.number
        WHERE (CAST(:category AS text) IS NULL
                OR split_part(report.category_code, '.', 1) = split_part(:category, '.', 1))
            AND (report.closed_at IS NULL OR report.closed_at > now() - interval '30 days')
        ORDER BY around.metres, report.id
        LIMIT :limit
        """,
        {"lat": lat, "lon": lon, "metres": metres, "category": category, "limit": NEARBY_AT_MOST},
    )
    return [{**item(row, language), "metres": round(row.metres), "same_kind": row.same_kind} for row in rows]


def _asked(number_or_id: str) -> dict[str, Any]:
    try:
        return {"id": UUID(number_or_id), "number": None}
    except ValueError:
        return {"id": None, "number": number_or_id.upper()}  # people type it from a letter
