"""Which report is meant? People say its number, programs its id."""

import re
import unicodedata
from uuid import UUID

from sqlmodel import Session, select

from nerirepo.base.errors import NotFound
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import Report

NUMBER = re.compile(r"[A-Z]+-[0-9]{4}-[0-9]{6,12}")
_HYPHENS = re.compile("[‐‑‒–—―−ー]")
"""What Japanese keyboards write where a number has a hyphen."""


class ReportNotFound(NotFound):
    """There is no such report."""

    code = "report_not_found"


def as_number(typed: str) -> str:
    """As a number is printed: full-width letters, digits and hyphens are somebody's keyboard."""
    return _HYPHENS.sub("-", unicodedata.normalize("NFKC", typed)).strip().upper()


def find(session: Session, named: str) -> Report:
    """By number or id; raises `ReportNotFound`."""
    try:
        report = session.get(Report, UUID(named))
    except ValueError:
        number = as_number(named)
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
