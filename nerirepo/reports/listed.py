"""How does a report stand in a list of one's own and followed reports? Few bytes: phones ask often."""

from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from nerirepo.reports.status import GROUPS, Status
from nerirepo.words import language
from nerirepo.words.language import Named


class ListedReport(TypedDict):
    """`own` is false for a report that one follows."""

    id: str
    number: str
    category: Named
    status: str
    status_group: str
    version: int
    town: str | None
    received_at: datetime
    updated_at: datetime
    own: bool


COLUMNS = """
    r.id, r.number, r.category_code, c.names AS category_names, r.status, r.version, r.town, r.received_at,
    r.updated_at
"""
"""What `listed` shows, of `report r` and its `category c`; beside them it wants `is_own`."""


def listed(row: Any, lang: str) -> ListedReport:
    return {
        "id": str(row.id),
        "number": row.number,
        "category": language.named(row.category_code, row.category_names, lang),
        "status": row.status,
        "status_group": GROUPS[Status(row.status)].value,
        "version": row.version,
        "town": row.town,
        "received_at": row.received_at,
        "updated_at": row.updated_at,
        "own": row.is_own,
    }
