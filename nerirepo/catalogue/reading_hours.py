"""From when on is a post read? By the ward's hours and its working days. Pure."""

from collections.abc import Mapping
from datetime import datetime, time
from itertools import islice
from typing import Any

from nerirepo.catalogue.working_days import open_days
from nerirepo.clock import JST


def read_from(hours: Mapping[str, Any], moment: datetime) -> datetime | None:
    """`moment` itself within the hours, else the next opening; None where nobody ever reads.

    `hours` is `reading_hours` of the ward's profile.
    """
    here = moment.astimezone(JST)
    opens, closes = time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"])
    for day in islice(open_days(hours, here.date()), 2):
        if here < datetime.combine(day, opens, JST):
            return datetime.combine(day, opens, JST)
        if here < datetime.combine(day, closes, JST):
            return here
    return None
