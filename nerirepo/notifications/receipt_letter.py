"""What the receipt says beside the number: what was sent, when it is read, and how long it usually takes."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.questions import in_words
from nerirepo.catalogue.tables import Category
from nerirepo.publication.outlook import outlook
from nerirepo.reports.tables import Report, ReportOriginal
from nerirepo.words.language import long_date, time_of_day


def facts(session: Session, report: Report, language: str) -> dict[str, Any]:
    """`words` and `answered` (question, answer) are the resident's own.

    `outlook` is None once somebody has looked at the report. A letter may leave days late: what is
    expected is true when it is written.
    """
    original = session.get(ReportOriginal, report.id)
    category = session.get_one(Category, report.category_code)
    expected = outlook(
        session, status=report.status, category=report.category_code, sent_at=report.received_at
    )
    return {
        "words": original.description if original else "",
        "answered": in_words(catalogue.questions(category), original.answers, language) if original else [],
        "sent": f"{long_date(report.received_at, language)} {time_of_day(report.received_at)}",
        "outlook": expected,
        "read_from": _moment(expected["read_from"], language) if expected and expected["read_from"] else None,
        "is_deed": report.is_deed,
    }


def _moment(moment: datetime, language: str) -> str:
    return f"{long_date(moment, language)} {time_of_day(moment)}"
