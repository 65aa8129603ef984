"""How many reports are published, by group of statuses and top category? For the figures beside filters."""

from sqlmodel import Session

from nerirepo.database import sql

_TOTALS = "SELECT status_group, kind, count FROM published.cell_count WHERE level = 0"


def totals(session: Session) -> dict[tuple[str, str], int]:
    """(status group, top category) to how many, read from counts that are kept."""
    return {(row.status_group, row.kind): row.count for row in sql.rows(session, _TOTALS)}
