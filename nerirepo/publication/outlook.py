"""What can somebody expect who has just sent a report? When it is read, and how long its kind takes."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.reading_hours import read_from
from nerirepo.publication.read.usual import usual


@dataclass(frozen=True)
class Outlook:
    """`read_from`: the moment itself where somebody reads then. `usual_days`: of four repairs in five."""

    read_from: datetime | None
    usual_days: int | None


def outlook(session: Session, category: str, sent_at: datetime) -> Outlook:
    """Two statements."""
    hours = catalogue.ward(session).profile["reading_hours"]
    known = usual(session, category)
    return Outlook(read_from(hours, sent_at), known.most_days if known else None)
