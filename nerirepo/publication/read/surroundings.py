"""What lies around a point, as lines for a small map that needs no outside tiles."""

from dataclasses import dataclass
from math import cos, radians

from sqlmodel import Session

from nerirepo.database import sql

METRES_PER_DEGREE = 111_320.0
"""Of latitude, and of longitude at the equator."""


@dataclass(frozen=True)
class Shape:
    """`path` is SVG path data in metres, with the asked point at 0,0 and y downwards; empty for a mere name.

    `x`, `y`: where a name could stand.
    """

    layer: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Centre:
    lat: float
    lon: float


def around(session: Session, centre: Centre, half_width: float, half_height: float) -> list[Shape]:
    """Shapes of every layer within the box around a point; metres. One statement."""
    across = METRES_PER_DEGREE * cos(radians(centre.lat))
    rows = sql.rows(
        session,
        """
        SELECT layer, name,
            CASE WHEN layer = 'towns' THEN '' ELSE ST_AsSVG(metres, 0, 0) END AS path,
            ST_X(ST_PointOnSurface(metres)) AS x, -ST_Y(ST_PointOnSurface(metres)) AS y
        FROM (
            SELECT line.id, layer, name,
                ST_TransScale(ST_ClipByBox2D(shape, box), -:lon, -:lat, :across, :up) AS metres
            FROM published.line AS line,
                (SELECT ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS box) AS window_
            WHERE shape && box
        ) AS clipped
        WHERE NOT ST_IsEmpty(metres)
        ORDER BY id
        """,
        {
            "lat": centre.lat,
            "lon": centre.lon,
            "across": across,
            "up": METRES_PER_DEGREE,
            "west": centre.lon - half_width / across,
            "east": centre.lon + half_width / across,
            "south": centre.lat - half_height / METRES_PER_DEGREE,
            "north": centre.lat + half_height / METRES_PER_DEGREE,
        },
    )
    return [Shape(*row) for row in rows]


def centre_of_town(session: Session, town: str) -> Centre | None:
    """A point that stands for the town, where the report's own may not be shown."""
    asked = """
        SELECT ST_Y(shape) AS lat, ST_X(shape) AS lon FROM published.line
        WHERE layer = 'towns' AND name = :town LIMIT 1
    """
    found = sql.first(session, asked, {"town": town})
    return Centre(*found) if found else None
