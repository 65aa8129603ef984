"""The published reports that make one number of the statistics, as filters."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from nerirepo.base import clock
from nerirepo.publication.measures import CONDITIONS, PROPERTIES, SILENT_AFTER, Which
from nerirepo.publication.read.filters import Filters

Month = Annotated[str, Field(pattern=re.compile(r"^20\d{2}-(0[1-9]|1[0-2])$"))]


class Chosen(Filters):
    """Filters, and which of the numbers. `good`: only what the reporter says is fixed, or the desk chose."""

    which: Which = Which.RECEIVED
    month: Month | None = None
    """Received in it, in Japan."""
    others: Literal["month", "category", "department", "town"] | None = None
    """Those that have no such property: reports without a town."""
    good: bool = False

    def sql(self) -> tuple[list[str], dict[str, Any]]:
        conditions, values = super().sql()
        conditions.extend(CONDITIONS[self.which])
        if self.which is Which.SILENT:
            values["silent_since"] = clock.now() - SILENT_AFTER
        if self.good:
            conditions.append("(report.is_featured OR report.confirmed_fixed_at IS NOT NULL)")
        if self.month:
            conditions.append(
                "report.received_at >= CAST(:month AS timestamp) AT TIME ZONE 'Asia/Tokyo'"
                " AND report.received_at <"
                " (CAST(:month AS timestamp) + interval '1 month') AT TIME ZONE 'Asia/Tokyo'"
            )
            values["month"] = f"{self.month}-01"
        if self.others:
            conditions.append(
                f"{PROPERTIES[self.others]} NOT IN"
                " (SELECT key FROM published.tally WHERE tally.by = :others AND key <> '')"
            )
            values["others"] = self.others
        return conditions, values
