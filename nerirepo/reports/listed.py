"""How does a report stand in a list of one's own and followed reports? Few bytes: phones ask often."""

from typing import Any

from nerirepo import language
from nerirepo.reports.status import GROUPS, Status

COLUMNS = """
    r.id, r.number, r.category_code, c.names AS category_names, r.status, r.version, r.town, r.received_at,
    r.updated_at
"""
"""What `listed` shows, of `report r` and its `category c`; beside them it wants `is_own`."""


def listed(row: Any, lang: str) -> dict[str, Any]:
    """{id, number, category, status, status_group, version, town, received_at, updated_at, own}."""
    return {
        "id": str(row.id),
        "number": row.number,
        "category": {"code": row.category_code, "name": language.name(row.category_names, lang)},
        "status": row.status,
        "status_group": GROUPS[Status(row.status)].value,
        "version": row.version,
        "town": row.town,
        "received_at": row.received_at.isoformat(),
        "updated_at": row.updated_at.isoformat(),
        "own": row.is_own,
    }
