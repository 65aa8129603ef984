"""A photo became ready: the public reports that show it are published anew."""

from uuid import UUID

from sqlmodel import Session, col, select

from nerirepo.reports import history
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import Report, ReportPhoto


def photo_is_ready(session: Session, photo_id: UUID) -> None:
    shows_it = select(ReportPhoto.report_id).where(
        ReportPhoto.photo_id == photo_id, col(ReportPhoto.is_cleared)
    )
    for report_id in session.exec(
        select(Report.id).where(col(Report.id).in_(shows_it), Report.visibility == Visibility.PUBLIC)
    ):
        history.ask_to_publish(session, report_id)
