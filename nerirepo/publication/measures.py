"""Which published reports make a number of the statistics, or show what good a report can do?"""

from datetime import timedelta
from enum import StrEnum

from nerirepo.database.sql import literals
from nerirepo.reports.status import CLOSED_OTHERWISE, OPEN, REPAIRED, EventKind, Status

SILENT_AFTER = timedelta(days=14)
"""An open report about which nobody has said anything to the public for longer than this."""


class Which(StrEnum):
    """The columns of the statistics, then what has a page or a row of its own."""

    RECEIVED = "received"
    OPEN = "open"
    RESOLVED = "resolved"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    OTHERWISE = "otherwise"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    SILENT = "silent"
    TIMED = "timed"
    """Those by which the days until a repair are measured."""
    IMPROVED = "improved"
    """Fixed, with a picture of before and after."""
    DEED = "deed"


COUNTED = (
    Which.RECEIVED,
    Which.OPEN,
    Which.RESOLVED,
    Which.HANDED_OVER,
    Which.DECLINED,
    Which.OTHERWISE,
    Which.CONFIRMED,
    Which.REOPENED,
    Which.SILENT,
)
"""Columns of the statistics."""

_OPEN = f"report.status IN ({literals(OPEN)})"
_REPAIRED = f"report.status IN ({literals(REPAIRED)})"
_REPAIR = "NOT report.is_deed"
CONDITIONS = {
    Which.RECEIVED: (_REPAIR,),
    Which.OPEN: (_REPAIR, _OPEN),
    Which.RESOLVED: (_REPAIR, _REPAIRED),
    Which.HANDED_OVER: (_REPAIR, f"report.status = '{Status.HANDED_OVER}'"),
    Which.DECLINED: (_REPAIR, f"report.status = '{Status.DECLINED}'"),
    Which.OTHERWISE: (_REPAIR, f"report.status IN ({literals(CLOSED_OTHERWISE)})"),
    Which.CONFIRMED: (_REPAIR, _REPAIRED, "report.confirmed_fixed_at IS NOT NULL"),
    Which.REOPENED: (_REPAIR, f"""report.timeline @> '[{{"kind": "{EventKind.REOPEN}"}}]'"""),
    Which.SILENT: (
        _REPAIR,
        _OPEN,
        "CAST(report.timeline -> -1 ->> 'at' AS timestamptz) < :silent_since",
    ),
    Which.TIMED: (_REPAIR, f"report.status NOT IN ({literals(CLOSED_OTHERWISE)})"),
    Which.IMPROVED: (
        _REPAIR,
        _REPAIRED,
        """report.photos @> '[{"role": "before"}, {"role": "after"}]'""",
    ),
    Which.DEED: ("report.is_deed", f"report.status <> '{Status.WITHDRAWN}'"),
}
"""On `published.report AS report`; all must hold. `:silent_since` is `SILENT_AFTER` ago."""

PROPERTIES = {
    "month": "to_char(report.received_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM')",
    "category": "report.category_code",
    "department": "report.department_code",
    "town": "coalesce(report.town, '')",
}
"""By what reports are counted: in SQL, of a `report` published or not."""
