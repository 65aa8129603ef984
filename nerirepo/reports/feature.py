"""Can this report be shown as an improvement case (改善事例)?"""

from sqlmodel import Session, col, select

from nerirepo.base.errors import Conflict
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import PhotoRole, Report, ReportPhoto


class NothingToShow(Conflict):
    """An improvement case needs a report that is published, with a picture of before and one of after."""

    code = "nothing_to_show"


def check_is_worth_showing(session: Session, report: Report) -> None:
    """Raise `NothingToShow` unless the public sees the report with both pictures."""
    cleared = select(ReportPhoto.role).where(ReportPhoto.report_id == report.id, col(ReportPhoto.is_cleared))
    if report.visibility is not Visibility.PUBLIC or set(session.exec(cleared)) != set(PhotoRole):
        raise NothingToShow
