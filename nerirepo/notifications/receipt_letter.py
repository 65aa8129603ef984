"""What the receipt says beside the number: what was sent, when it is read, and how long it usually takes."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from nerirepo import clock
from nerirepo.language import long_date, time_of_day
from nerirepo.publication.outlook import outlook
from nerirepo.reports.tables import Report, ReportOriginal


def facts(session: Session, report: Report, language: str) -> dict[str, Any]:
    """`words` are the resident's own; `read_from` is None where somebody is reading just now."""
    original = session.get(ReportOriginal, report.id)
    expected = outlook(session, report.category_code, report.received_at)
    waits = expected.read_from and expected.read_from > clock.now()
    return {
        "words": original.description if original else "",
        "sent": f"{long_date(report.received_at, language)} {time_of_day(report.received_at)}",
        "read_from": _moment(expected.read_from, language) if waits and expected.read_from else None,
        "is_deed": report.is_deed,
        "usual_days": expected.usual_days,
    }


def _moment(moment: datetime, language: str) -> str:
    return f"{long_date(moment, language)} {time_of_day(moment)}"
