"""Which pages of reports are there for search engines to find? By the month in which they were received."""

from datetime import date, datetime

from sqlmodel import Session

from nerirepo import sql
from nerirepo.clock import in_japan

AT_MOST = 50_000
"""Addresses in one file, by the rules of sitemaps."""


def months(session: Session) -> list[date]:
    """The first day of each month from the oldest published report to the newest."""
    asked = "SELECT min(received_at) AS oldest, max(received_at) AS newest FROM published.report"
    oldest, newest = sql.first(session, asked)
    if oldest is None:
        return []
    month, last = in_japan(oldest).date().replace(day=1), in_japan(newest).date()
    found = []
    while month <= last:
        found.append(month)
        month = _next(month)
    return found


def of_month(session: Session, month: date) -> list[tuple[str, datetime]]:
    """(number, when it changed) of each."""
    rows = sql.rows(
        session,
        """
        SELECT number, changed_at FROM published.report
        WHERE received_at >= CAST(:month AS timestamp) AT TIME ZONE 'Asia/Tokyo'
            AND received_at < CAST(:next AS timestamp) AT TIME ZONE 'Asia/Tokyo'
        ORDER BY received_at LIMIT :limit
        """,
        {"month": month, "next": _next(month), "limit": AT_MOST},
    )
    return [(number, changed_at) for number, changed_at in rows]


def _next(month: date) -> date:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
