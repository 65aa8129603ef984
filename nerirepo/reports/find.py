"""Which report is meant? People say its number, programs its id."""

import re
from uuid import UUID

from sqlmodel import Session, select

from nerirepo.errors import NotFound
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import Report

NUMBER = re.compile(r"[A-Z]+-\d{4}-\d{6,12}")


class ReportNotFound(NotFound):
    """There is no such report."""

    code = "report_not_found"


def find(session: Session, named: str) -> Report:
    """By number or id; raises `ReportNotFound`."""
    try:
        report = session.get(Report, UUID(named))
    except ValueError:
        number = named.strip().upper()
        if not NUMBER.fullmatch(number):
            raise ReportNotFound from None
        report = session.exec(select(Report).where(Report.number == number)).first()
    if report is None:
        raise ReportNotFound
    return report


def find_public(session: Session, named: str) -> Report:
    """By number or id; raises `ReportNotFound` alike for what is not public and what there is not."""
    report = find(session, named)
    if report.visibility is not Visibility.PUBLIC:
        raise ReportNotFound
    return report
