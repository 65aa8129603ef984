"""By which day does the ward mean to have answered?"""

from datetime import date, datetime

from nerirepo.base import clock
from nerirepo.catalogue.working_days import Hours, working_day


def due_on(target_days: int | None, received_at: datetime, hours: Hours) -> date | None:
    """So many of its working days after a report came; None where the category has no target."""
    if target_days is None:
        return None
    return working_day(hours, clock.in_japan(received_at).date(), target_days)
