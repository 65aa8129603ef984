"""What can somebody expect who has sent a report? When it is read, and how long its kind takes."""

from datetime import datetime

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.reading_hours import read_from
from nerirepo.publication.read.typical_duration import usual
from nerirepo.reports.own_report import Outlook, OwnReport
from nerirepo.reports.status import Status


def outlook(session: Session, *, status: Status, category: str, sent_at: datetime) -> Outlook | None:
    """True at this moment; None once somebody has looked at it. Two statements."""
    if status is not Status.RECEIVED:
        return None
    hours = catalogue.ward(session).profile.reading_hours
    known, now = usual(session, category), clock.now()
    begins = read_from(hours, sent_at, now)
    return {
        "read_from": begins,
        "is_being_read": begins is not None and begins <= now,
        "usual_days": known.most_days if known else None,
    }


def outlook_of(session: Session, report: OwnReport) -> Outlook | None:
    """Of a report as it was just read."""
    return outlook(
        session,
        status=Status(report["status"]),
        category=report["category"]["code"],
        sent_at=datetime.fromisoformat(report["received_at"]),
    )
