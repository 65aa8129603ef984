"""Which published reports make a number of the statistics, or show what good a report can do?"""

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from nerirepo import clock
from nerirepo.publication.read.filters import Filters
from nerirepo.publication.tallies import SILENT_AFTER
from nerirepo.reports.status import OPEN


class Which(StrEnum):
    """Named as the columns of the statistics, and two more."""

    RECEIVED = "received"
    OPEN = "open"
    RESOLVED = "resolved"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    OTHERWISE = "otherwise"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    SILENT = "silent"
    IMPROVED = "improved"
    """Fixed, with a picture of before and after."""
    DEED = "deed"


_OPEN = ", ".join(f"'{status}'" for status in sorted(OPEN))
_REPAIR = "NOT report.is_deed"
_CONDITIONS = {
    Which.RECEIVED: (_REPAIR,),
    Which.OPEN: (_REPAIR, f"report.status IN ({_OPEN})"),
    Which.RESOLVED: (_REPAIR, "report.status = 'resolved'"),
    Which.HANDED_OVER: (_REPAIR, "report.status = 'handed_over'"),
    Which.DECLINED: (_REPAIR, "report.status = 'declined'"),
    Which.OTHERWISE: (_REPAIR, "report.status IN ('duplicate', 'withdrawn', 'thanked')"),
    Which.CONFIRMED: (_REPAIR, "report.status = 'resolved'", "report.confirmed_fixed_at IS NOT NULL"),
    Which.REOPENED: (_REPAIR, """report.timeline @> '[{"kind": "reopen"}]'"""),
    Which.SILENT: (
        _REPAIR,
        f"report.status IN ({_OPEN})",
        "CAST(report.timeline -> -1 ->> 'at' AS timestamptz) < :silent_since",
    ),
    Which.IMPROVED: (
        _REPAIR,
        "report.status = 'resolved'",
        """report.photos @> '[{"role": "before"}, {"role": "after"}]'""",
    ),
    Which.DEED: ("report.is_deed", "report.status <> 'withdrawn'"),
}

Month = Annotated[str, Field(pattern=re.compile(r"^20\d{2}-(0[1-9]|1[0-2])$"))]


class Chosen(Filters):
    """Filters, and which of the numbers. `glad`: only what the reporter says is fixed."""

    which: Which = Which.RECEIVED
    month: Month | None = None
    """Received in it, in Japan."""
    glad: bool = False

    def sql(self) -> tuple[list[str], dict[str, Any]]:
        conditions, values = super().sql()
        conditions.extend(_CONDITIONS[self.which])
        if self.which is Which.SILENT:
            values["silent_since"] = clock.now() - SILENT_AFTER
        if self.glad:
            conditions.append("report.confirmed_fixed_at IS NOT NULL")
        if self.month:
            conditions.append(
                "report.received_at >= CAST(:month AS timestamp) AT TIME ZONE 'Asia/Tokyo'"
                " AND report.received_at <"
                " (CAST(:month AS timestamp) + interval '1 month') AT TIME ZONE 'Asia/Tokyo'"
            )
            values["month"] = f"{self.month}-01"
        return conditions, values
