"""How long does a repair of this kind usually take?"""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.reports.status import REPAIRED

OF_THE_LAST = 200
"""Repairs: enough to be steady, few enough to show when the ward has become faster or slower."""
_DAY = timedelta(days=1)
FEWEST = 5
"""Of fewer nothing is usual yet."""

_USUAL = f"""
    SELECT count(*) AS repairs,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS half,
        percentile_cont(0.8) WITHIN GROUP (ORDER BY took) AS most
    FROM (
        SELECT closed_at - received_at AS took FROM published.report
        WHERE status IN ({sql.literals(REPAIRED)}) AND category_code = :category AND closed_at IS NOT NULL
        ORDER BY closed_at DESC LIMIT :of_the_last
    ) AS repaired
"""


@dataclass(frozen=True)
class Usual:
    """Half of the last repairs of this kind took no longer than `half`, 80 % no longer than `most`."""

    half: timedelta
    most: timedelta

    @property
    def half_days(self) -> int:
        """Rounded up: whoever waits longer than we have said is disappointed."""
        return ceil(self.half / _DAY)

    @property
    def most_days(self) -> int:
        return ceil(self.most / _DAY)


def usual(session: Session, category: str) -> Usual | None:
    """None where too few were repaired to say."""
    found = sql.first(session, _USUAL, {"category": category, "of_the_last": OF_THE_LAST})
    return Usual(found.half, found.most) if found.repairs >= FEWEST else None
