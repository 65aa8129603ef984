"""From when on is a post read that nobody has looked at yet? By the ward's hours and working days. Pure."""

from datetime import datetime, time
from itertools import islice

from nerirepo.base.clock import JST
from nerirepo.catalogue.profile import ReadingHours
from nerirepo.catalogue.working_days import open_days


def read_from(hours: ReadingHours, sent_at: datetime, now: datetime) -> datetime | None:
    """Since when somebody reads just now, or else the next opening; None where nobody ever reads.

    Seen from `now`, which passes: the hours after which it came may be over by the time that this is said.
    Somebody reads at `now` exactly where what is returned is not later.
    """
    here = max(sent_at, now).astimezone(JST)
    opens, closes = time.fromisoformat(hours.opens), time.fromisoformat(hours.closes)
    for day in islice(open_days(hours, here.date()), 2):
        if here < datetime.combine(day, closes, JST):
            return max(datetime.combine(day, opens, JST), sent_at.astimezone(JST))
    return None
