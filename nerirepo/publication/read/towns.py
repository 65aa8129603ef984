"""The ward's towns, for whoever says in words where something is."""

from dataclasses import dataclass

from sqlmodel import Session

from nerirepo.database import sql

# In Japanese order, their numbers counted: 一, 二, 三 and not by their readings.
_ASK = """
    SELECT name, ST_Y(shape) AS lat, ST_X(shape) AS lon
    FROM (SELECT DISTINCT ON (name) name, shape FROM published.line WHERE layer = 'towns') AS town
    ORDER BY translate(name, '一二三四五六七八九', '123456789') COLLATE "ja-x-icu"
"""


@dataclass(frozen=True)
class TownPoint:
    """Where the middle of a town is, roughly: enough to look there on a map."""

    name: str
    lat: float
    lon: float


def towns(session: Session) -> list[str]:
    """Their names, in order."""
    return [each.name for each in town_points(session)]


def town_points(session: Session) -> list[TownPoint]:
    """In the same order."""
    return [TownPoint(row.name, row.lat, row.lon) for row in sql.rows(session, _ASK)]
