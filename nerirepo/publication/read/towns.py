"""The names of the ward's towns, for whoever says in words where something is."""

from sqlmodel import Session

from nerirepo import sql


def towns(session: Session) -> list[str]:
    """In the order of their names."""
    asked = "SELECT DISTINCT name FROM published.line WHERE layer = 'towns' ORDER BY name"
    return [row.name for row in sql.rows(session, asked)]
