"""Two reports of one thing: one is merged into the other, and for ten minutes that can be taken back.

Taken back, it never was: the report stands where it stood, and nobody hears of either.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.database import sql
from nerirepo.reports import follow
from nerirepo.reports.history import UNDO_MERGE
from nerirepo.reports.status import EventKind, Status, Visibility
from nerirepo.reports.tables import Follow, Report, ReportEvent

_SENDERS = f"""
    WITH RECURSIVE family AS (
        SELECT CAST(:report_id AS uuid) AS id
        UNION
        SELECT report.id FROM report JOIN family ON report.parent_id = family.id
        WHERE report.status = '{Status.DUPLICATE}'
    )
    SELECT family.id AS report_id, original.reporter_id, report.closed_at AS merged_at
    FROM family
    JOIN report ON report.id = family.id
    JOIN report_original AS original ON original.report_id = family.id
    WHERE original.reporter_id IS NOT NULL
    ORDER BY family.id
"""


def one_at_a_time(session: Session) -> None:
    """Until the transaction's end nobody else merges. Before any report is locked: so nobody waits crosswise.

    Three clerks who merge a into b, b into c and c into a at once would each see no circle, and close all.
    """
    sql.run(session, "SELECT pg_advisory_xact_lock(hashtext('merge'))", {})


def merge(session: Session, report: Report, parent: Report, at: datetime) -> dict[str, Any]:
    """Let `report` repeat `parent`; the facts for the history. `at` is the moment of the merge.

    Whoever follows a report reads the ward's words about it and sees its photos: those who sent `report`, or
    what was merged into it, follow the parent only where the public reads them, too.
    """
    if parent.visibility is Visibility.PUBLIC:
        for _, reporter_id in senders(session, report.id):
            follow.follow(session, parent, reporter_id, since=at)
    report.parent_id = parent.id
    return {"parent": parent.number, "parent_id": str(parent.id)}


def let_senders_follow(session: Session, parent: Report) -> None:
    """`parent` is public from now on: whose reports were merged into it meanwhile follow it."""
    own = [reporter_id for report_id, reporter_id in senders(session, parent.id) if report_id == parent.id]
    for _, reporter_id in senders(session, parent.id):
        if reporter_id not in own:
            follow.follow(session, parent, reporter_id)


def senders(session: Session, report_id: UUID) -> list[tuple[UUID, UUID]]:
    """(report, who sent it) of a report and of all that were merged into it."""
    rows = sql.rows(session, _SENDERS, {"report_id": report_id})
    return [(row.report_id, row.reporter_id) for row in rows]


def not_yet_told(session: Session, parent_id: UUID) -> dict[UUID, datetime]:
    """Whose reports were merged into this one so lately that it can be taken back, and when."""
    since = clock.now() - UNDO_MERGE
    return {
        row.reporter_id: row.merged_at
        for row in sql.rows(session, _SENDERS, {"report_id": parent_id})
        if row.report_id != parent_id and row.merged_at > since
    }


def to_take_back(session: Session, report: Report) -> ReportEvent | None:
    """The merge that can still be taken back, if the report stands merged by one."""
    if report.status is not Status.DUPLICATE:
        return None
    merges = select(ReportEvent).where(
        ReportEvent.report_id == report.id, ReportEvent.kind == EventKind.MERGE
    )
    last = session.exec(merges.order_by(col(ReportEvent.seq).desc())).first()
    return last if last and clock.now() < last.at + UNDO_MERGE else None


def take_back(session: Session, report: Report) -> dict[str, Any]:
    """Undo all that the merge has changed but the status; the facts for the history."""
    merged = to_take_back(session, report)
    assert merged
    if report.parent_id and report.closed_at:
        _unfollow(session, report, report.parent_id, since=report.closed_at)
    report.parent_id = None
    report.closed_at = None
    return {"taken_back": str(merged.id)}


def _unfollow(session: Session, report: Report, parent_id: UUID, *, since: datetime) -> None:
    """Those who follow the parent since that very moment; who followed it before goes on."""
    by_merge = select(Follow.reporter_id).where(Follow.report_id == parent_id, Follow.since == since)
    ended = set(session.exec(by_merge)) & {reporter_id for _, reporter_id in senders(session, report.id)}
    for reporter_id in ended:
        follow.unfollow(session, parent_id, reporter_id)
