"""見守る: hearing about somebody else's report."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from nerirepo.base import clock
from nerirepo.reports.tables import Follow, Report, Unfollowed


def follow(session: Session, report: Report, reporter_id: UUID, since: datetime | None = None) -> None:
    """Once for each person, however often asked for; from now on, unless `since` says when."""
    since = since or clock.now()
    row = insert(Follow).values(report_id=report.id, reporter_id=reporter_id, since=since)
    session.exec(row.on_conflict_do_nothing())
    session.exec(
        delete(Unfollowed).where(
            col(Unfollowed.report_id) == report.id, col(Unfollowed.reporter_id) == reporter_id
        )
    )


def follows(session: Session, report_id: UUID, reporter_id: UUID) -> bool:
    return session.get(Follow, (report_id, reporter_id)) is not None


def unfollow(session: Session, report_id: UUID, reporter_id: UUID) -> None:
    """Leaves word of it, for the person's other devices; nothing happens where nobody followed."""
    theirs = (col(Follow.report_id) == report_id, col(Follow.reporter_id) == reporter_id)
    ended = session.exec(delete(Follow).where(*theirs).returning(col(Follow.report_id))).first()
    if ended:
        row = insert(Unfollowed).values(report_id=report_id, reporter_id=reporter_id, at=clock.now())
        session.exec(row.on_conflict_do_nothing())
