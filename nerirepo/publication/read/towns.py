"""The names of the ward's towns, for whoever says in words where something is."""

from sqlalchemy import text
from sqlmodel import Session


def towns(session: Session) -> list[str]:
    """In the order of their names."""
    asked = text("SELECT DISTINCT name FROM published.line WHERE layer = 'towns' ORDER BY name")
    return list(session.execute(asked).scalars())
