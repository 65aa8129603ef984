"""What has changed of my reports, and of those that I follow, since I last asked?

Ordered by the transaction that changed it, and shown only once every transaction before that has ended: a
commit that comes late is in the next answer, where a sequence or a clock would have passed it by for ever.
"""

from datetime import datetime, timedelta
from typing import NotRequired
from uuid import UUID

from sqlmodel import Session
from typing_extensions import TypedDict

from nerirepo.base import clock
from nerirepo.base.errors import Gone
from nerirepo.database import sql
from nerirepo.reports import cursor as cursors
from nerirepo.reports.listed import COLUMNS, ListedReport, listed

REMEMBERS = timedelta(days=90)
"""How long it is known what somebody has ceased to follow. An older cursor would miss that."""

_CLOCKS_DIFFER = timedelta(minutes=5)
"""Between our own machines."""

_CURSOR = "changes"
_BEGINNING = ("0", UUID(int=0))

_FEED = """
    SELECT concat_ws('-', system_identifier, timeline_id) AS name,
           pg_snapshot_xmax(pg_current_snapshot())::text::numeric AS next_transaction
    FROM pg_control_system(), pg_control_checkpoint()
"""
"""Transactions are counted by one database on one timeline: after a restore their numbers mean others."""

_CHANGED = f"""
    WITH mine AS (
        SELECT r.id, r.changed_by, true AS is_own, true AS is_shown
        FROM report_original o JOIN report r ON r.id = o.report_id
        WHERE o.reporter_id = :reporter_id
        UNION ALL
        SELECT r.id, greatest(f.changed_by, r.changed_by), false, r.visibility = 'public'
        FROM follow f JOIN report r ON r.id = f.report_id
        WHERE f.reporter_id = :reporter_id
        UNION ALL
        SELECT u.report_id, u.changed_by, false, false
        FROM unfollowed u
        WHERE u.reporter_id = :reporter_id
    ), once AS (
        SELECT DISTINCT ON (id) * FROM mine ORDER BY id, is_own DESC
    )
    SELECT {COLUMNS}, once.changed_by::text AS changed_by, once.is_own, once.is_shown
    FROM once JOIN report r ON r.id = once.id JOIN category c ON c.code = r.category_code
    WHERE (once.changed_by, once.id) > (CAST(:changed_by AS xid8), :after)
      AND once.changed_by < pg_snapshot_xmin(pg_current_snapshot())
      AND (once.is_shown OR NOT :from_the_beginning)
    ORDER BY once.changed_by, once.id
    LIMIT :limit
"""


class ResyncRequired(Gone):
    """What changed since then is not known any more. Please fetch everything anew."""

    code = "resync_required"


class Change(TypedDict):
    """`removed`: followed no more, or not public any more; forget it. Else `report` is as it stands now."""

    id: str
    removed: bool
    report: NotRequired[ListedReport]


class Changes(TypedDict):
    """`next_cursor` asks for what comes later; `has_more`: there is more already."""

    changes: list[Change]
    next_cursor: str
    has_more: bool


def changes(session: Session, reporter_id: UUID, lang: str, *, cursor: str | None, limit: int) -> Changes:
    """What changed after `cursor`, or everything without one.

    Raises `ResyncRequired` for a cursor that is too old, of another database, or of no feed at all.
    """
    feed = sql.first(session, _FEED)
    since, after = _read(cursor, feed.name, feed.next_transaction) if cursor else _BEGINNING
    rows = sql.rows(
        session,
        _CHANGED,
        {
            "reporter_id": reporter_id,
            "changed_by": since,
            "after": after,
            "from_the_beginning": cursor is None,
            "limit": limit + 1,
        },
    )
    shown = rows[:limit]
    if shown:
        since, after = shown[-1].changed_by, shown[-1].id
    return {
        "changes": [
            {"id": str(row.id), "removed": False, "report": listed(row, lang)}
            if row.is_shown
            else {"id": str(row.id), "removed": True}
            for row in shown
        ],
        "next_cursor": cursors.write(_CURSOR, [feed.name, clock.now().isoformat(), since, after]),
        "has_more": len(rows) > limit,
    }


def _read(cursor: str, feed: str, next_transaction: int) -> tuple[str, UUID]:
    try:
        name, told_at, since, after = cursors.read(cursor, _CURSOR, [str, datetime.fromisoformat, int, UUID])
    except cursors.CursorInvalid as unreadable:
        raise ResyncRequired from unreadable
    now = clock.now()
    is_of_this_feed = name == feed and 0 <= since < next_transaction
    if not is_of_this_feed or told_at.tzinfo is None or not now - REMEMBERS < told_at <= now + _CLOCKS_DIFFER:
        raise ResyncRequired
    return str(since), after
