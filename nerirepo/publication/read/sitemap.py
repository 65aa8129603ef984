"""Which pages of reports are there for search engines to find? By the month in which they were received."""

from datetime import date, datetime

from sqlmodel import Session

from nerirepo.database import sql

AT_MOST = 50_000
"""Addresses in one file, by the rules of sitemaps."""


def months(session: Session) -> list[date]:
    """The first day of each month in which a published report was received."""
    rows = sql.rows(
        session,
        """
        SELECT CAST(month AS date) AS month
        FROM (
            SELECT date_trunc('month', min(received_at) AT TIME ZONE 'Asia/Tokyo') AS first,
                max(received_at) AT TIME ZONE 'Asia/Tokyo' AS last
            FROM published.report
        ) AS whole, generate_series(first, last, interval '1 month') AS month
        WHERE EXISTS (
            SELECT FROM published.report
            WHERE received_at >= month AT TIME ZONE 'Asia/Tokyo'
                AND received_at < (month + interval '1 month') AT TIME ZONE 'Asia/Tokyo'
        )
        ORDER BY month
        """,
    )
    return [row.month for row in rows]


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
