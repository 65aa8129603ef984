"""Which reports are this person's, or followed by them? By id, by number, or all of them."""

import re
from uuid import UUID

from sqlmodel import Session, select
from typing_extensions import TypedDict

from nerirepo.database import sql
from nerirepo.reports import cursor as cursors
from nerirepo.reports import listed
from nerirepo.reports.find import NUMBER, ReportNotFound
from nerirepo.reports.follow import follows
from nerirepo.reports.listed import ListedReport
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import Report, ReportOriginal

# From the person's own rows to the reports: the other way round every report there is would be looked at.
_MINE = f"""
    SELECT {listed.COLUMNS}, is_own
    FROM (
        SELECT report_id, bool_or(is_own) AS is_own
        FROM (
            SELECT report_id, true AS is_own FROM report_original WHERE reporter_id = :reporter_id
            UNION ALL
            SELECT report_id, false FROM follow WHERE reporter_id = :reporter_id
        ) AS known
        GROUP BY report_id
    ) AS mine
    JOIN report r ON r.id = mine.report_id
    JOIN category c ON c.code = r.category_code
    WHERE (is_own OR r.visibility = 'public') AND r.number < :before
    ORDER BY r.number DESC
    LIMIT :limit
"""
_CURSOR = "mine"
_AFTER_ALL_NUMBERS = "~"

NAME = re.compile(r"[0-9A-Za-z-]{1,64}")
"""An id or a number; whatever else somebody asks for is not there."""


class MyReports(TypedDict):
    """A page of one's own and followed reports, newest first."""

    reports: list[ListedReport]
    next_cursor: str | None


def _number(written: str) -> str:
    """A cursor's parser."""
    if not NUMBER.fullmatch(written):
        raise ValueError(written)
    return written


def report_id_of(session: Session, named: str) -> UUID | None:
    """The id of the report with this id or number (NR-2026-000123), or None."""
    if not NAME.fullmatch(named):
        return None
    try:
        return UUID(named)
    except ValueError:
        # People type it from a letter, in small letters, too.
        return session.exec(select(Report.id).where(Report.number == named.upper())).first()


def own_report(session: Session, named: str, reporter_id: UUID) -> Report:
    """The person's own report, locked. Somebody else's is as unknown as one that never was."""
    report, is_own = own_or_followed(session, named, reporter_id)
    if not is_own:
        raise ReportNotFound
    return report


def own_or_followed(session: Session, named: str, reporter_id: UUID) -> tuple[Report, bool]:
    """The report, locked, and whether it is the person's own (else they follow it, and it is public)."""
    report_id = report_id_of(session, named)
    report = (
        session.get(Report, report_id, with_for_update=True, populate_existing=True) if report_id else None
    )
    if report is None:
        raise ReportNotFound
    original = session.get(ReportOriginal, report.id)
    if original and original.reporter_id == reporter_id:
        return report, True
    is_public = report.visibility is Visibility.PUBLIC
    if not is_public or not follows(session, report.id, reporter_id):
        raise ReportNotFound
    return report, False


def mine(session: Session, reporter_id: UUID, lang: str, *, limit: int, cursor: str | None) -> MyReports:
    """By number."""
    before = cursors.read(cursor, _CURSOR, [_number])[0] if cursor else _AFTER_ALL_NUMBERS
    rows = sql.rows(session, _MINE, {"reporter_id": reporter_id, "before": before, "limit": limit + 1})
    shown = rows[:limit]
    return {
        "reports": [listed.listed(row, lang) for row in shown],
        "next_cursor": cursors.write(_CURSOR, [shown[-1].number]) if len(rows) > limit else None,
    }
