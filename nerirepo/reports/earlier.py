"""Which report does a new one follow up? Asked only where a submission names one."""

from uuid import UUID

from sqlmodel import Session, col, or_, select

from nerirepo.reports.own import report_id_of
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import Follow, Report, ReportOriginal


def number_of_earlier(session: Session, named: str, reporter_id: UUID | None) -> str | None:
    """Its number, where the resident knows it: their own, a followed or a public one. Staff know each.

    None for any other. A post is never refused for that: what is broken matters more than what it is like.
    """
    report_id = report_id_of(session, named)
    asked = select(Report.number).where(Report.id == report_id)
    if reporter_id:
        mine = select(ReportOriginal.report_id).where(ReportOriginal.reporter_id == reporter_id)
        followed = select(Follow.report_id).where(Follow.reporter_id == reporter_id)
        is_public = col(Report.visibility) == Visibility.PUBLIC
        asked = asked.where(or_(is_public, col(Report.id).in_(mine), col(Report.id).in_(followed)))
    return session.exec(asked).first()
