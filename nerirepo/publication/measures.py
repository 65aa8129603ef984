"""Which published reports make a number of the statistics, or show what good a report can do?"""

from datetime import timedelta
from enum import StrEnum

from nerirepo.reports.status import OPEN

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

_OPEN = ", ".join(f"'{status}'" for status in sorted(OPEN))
_REPAIR = "NOT report.is_deed"
CONDITIONS = {
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
    Which.TIMED: (_REPAIR, "report.status NOT IN ('duplicate', 'withdrawn', 'thanked')"),
    Which.IMPROVED: (
        _REPAIR,
        "report.status = 'resolved'",
        """report.photos @> '[{"role": "before"}, {"role": "after"}]'""",
    ),
    Which.DEED: ("report.is_deed", "report.status <> 'withdrawn'"),
}
"""On `published.report AS report`; all must hold. `:silent_since` is `SILENT_AFTER` ago."""

PROPERTIES = {
    "month": "to_char(report.received_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM')",
    "category": "report.category_code",
    "department": "report.department_code",
    "town": "coalesce(report.town, '')",
}
"""By what reports are counted: in SQL, of a `report` published or not."""
