"""The names of the ward's towns, for whoever says in words where something is."""

from sqlmodel import Session

from nerirepo import sql

_ASK = """
    SELECT name FROM (SELECT DISTINCT name FROM published.line WHERE layer = 'towns') AS town
    ORDER BY translate(name, '一二三四五六七八九', '123456789') COLLATE "ja-x-icu"
"""


def towns(session: Session) -> list[str]:
    """In the order of their names, as Japanese are ordered, and of their numbers."""
    return [row.name for row in sql.rows(session, _ASK)]
