"""What can somebody expect who has sent a report? When it is read, and how long its kind takes."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from nerirepo import clock
from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.reading_hours import read_from
from nerirepo.publication.read.typical_duration import usual
from nerirepo.reports.status import Status


@dataclass(frozen=True)
class Outlook:
    """True at the moment at which it was asked for, and said at once."""

    read_from: datetime | None
    """See `reading_hours`."""
    is_being_read: bool
    usual_days: int | None
    """Of four repairs in five."""


def outlook(session: Session, *, status: Status, category: str, sent_at: datetime) -> Outlook | None:
    """None once somebody has looked at it. Two statements."""
    if status is not Status.RECEIVED:
        return None
    hours = catalogue.ward(session).profile.reading_hours
    known, now = usual(session, category), clock.now()
    begins = read_from(hours, sent_at, now)
    return Outlook(begins, begins is not None and begins <= now, known.most_days if known else None)
