"""A photo became ready, or was rejected: whoever shows a report with it looks at the report anew."""

from uuid import UUID

from sqlmodel import Session, col, select, update

from nerirepo.reports import history
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import THIS_TRANSACTION, Report, ReportPhoto


def on_photo_settled(session: Session, photo_id: UUID) -> None:
    """Tell the apps' delta feed, and bring public copies up to date that show this photo."""
    has_it = select(ReportPhoto.report_id).where(ReportPhoto.photo_id == photo_id)
    session.exec(update(Report).where(col(Report.id).in_(has_it)).values(changed_by=THIS_TRANSACTION))
    shows_it = has_it.where(col(ReportPhoto.is_cleared))
    for report_id in session.exec(
        select(Report.id).where(col(Report.id).in_(shows_it), Report.visibility == Visibility.PUBLIC)
    ):
        history.ask_to_publish(session, report_id)
