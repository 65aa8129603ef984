"""What is on a picture of the map, drawn on the server for everyone without a program?

Metres from the north-west corner of the frame, y downwards.
"""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.publication import grid
from nerirepo.publication.grid import CELL_LEVEL, WORLD
from nerirepo.publication.read.filters import Filters
from nerirepo.publication.read.surroundings import METRES_PER_DEGREE, Shape
from nerirepo.publication.read.tiles import COUNTED_LEVELS

CIRCLES_ACROSS = 7
"""On a phone each has the room of a finger."""
_SHAPES_AT_MOST = 400
_NARROWEST = 0.002
"""Degrees: about 200 m. Closer there is nothing more to see."""


@dataclass(frozen=True)
class Frame:
    """West, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, bbox: tuple[float, float, float, float]) -> "Frame":
        """The box, widened where it is too narrow to show anything."""
        west, south, east, north = bbox
        wider, higher = (max(_NARROWEST - width, 0) / 2 for width in (east - west, north - south))
        return cls(west - wider, south - higher, east + wider, north + higher)

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east

    @property
    def metres_per_degree(self) -> tuple[float, float]:
        across = METRES_PER_DEGREE * cos(radians((self.south + self.north) / 2))
        return across, METRES_PER_DEGREE

    @property
    def width(self) -> float:
        return (self.east - self.west) * self.metres_per_degree[0]

    @property
    def height(self) -> float:
        return (self.north - self.south) * self.metres_per_degree[1]

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Metres from the corner."""
        across, up = self.metres_per_degree
        return (lon - self.west) * across, (self.north - lat) * up


@dataclass(frozen=True)
class Circle:
    """Reports that lie together: their middle, how many, and the box of their cell in degrees. `status` is
    that of one that stands alone."""

    lat: float
    lon: float
    count: int
    groups: dict[str, int]
    status: str | None
    bbox: tuple[float, float, float, float]


def whole_ward(session: Session) -> Frame | None:
    """None while there is no boundary."""
    extent = """
        SELECT ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
        FROM (SELECT ST_Extent(shape) AS box FROM published.line WHERE layer = 'boundary') AS extent
    """
    west, south, east, north = sql.first(session, extent)
    if west is None:
        return None
    margin = (east - west) / 50
    return Frame(west - margin, south - margin, east + margin, north + margin)


def ground(session: Session, frame: Frame) -> list[Shape]:
    """The largest shapes in the frame, as coarse as the picture is; `path` in metres from its corner."""
    across, up = frame.metres_per_degree
    rows = sql.rows(
        session,
        """
        SELECT layer, name, ST_AsSVG(metres, 0, 0) AS path, 0 AS x, 0 AS y
        FROM (
            SELECT line.id, layer, name,
                ST_Simplify(
                    ST_TransScale(ST_ClipByBox2D(shape, box), -:west, -:north, :across, :up), :coarse
                ) AS metres
            FROM published.line AS line, (
                SELECT ST_Expand(ST_MakeEnvelope(:west, :south, :east, :north, 4326), :margin) AS box
            ) AS frame
            WHERE shape && box AND layer <> 'towns'
        ) AS clipped
        WHERE NOT ST_IsEmpty(metres) AND metres IS NOT NULL
        ORDER BY layer = 'boundary' DESC, ST_Area(metres) DESC, ST_Length(metres) DESC
        LIMIT :at_most
        """,
        {
            "west": frame.west,
            "south": frame.south,
            "east": frame.east,
            "north": frame.north,
            "across": across,
            "up": up,
            "coarse": frame.width / 500,
            "margin": (frame.east - frame.west) / 2,  # a wide screen shows more than the frame
            "at_most": _SHAPES_AT_MOST,
        },
    )
    return [Shape(*row) for row in rows]


def circles(session: Session, frame: Frame, filters: Filters) -> list[Circle]:
    """For filters that are counted; one statement, over a bounded number of cells."""
    level = _level(frame)
    cells = _cells(frame, level)
    conditions, values = list[str](), dict[str, Any]()
    if filters.status:
        conditions.append("AND status_group = :status_group")
        values["status_group"] = filters.status
    if filters.category:
        conditions.append("AND kind = :kind")
        values["kind"] = filters.category
    rows = sql.rows(
        session,
        f"""
        SELECT circle.*, CASE count WHEN 1 THEN (
            SELECT status FROM published.report
            WHERE report.cell >= circle.cell << :wider AND report.cell < (circle.cell + 1) << :wider
                {" ".join(conditions)}
            LIMIT 1
        ) END AS status
        FROM (
            SELECT cell, sum(count) AS count, sum(map_x) / sum(count) AS x, sum(map_y) / sum(count) AS y,
                jsonb_object_agg(status_group, counted) AS groups
            FROM (
                SELECT cell, status_group, sum(count) AS count, sum(count) AS counted,
                    sum(map_x) AS map_x, sum(map_y) AS map_y
                FROM published.cell_count
                WHERE level = :level AND cell = ANY(:cells) {" ".join(conditions)}
                GROUP BY cell, status_group
            ) AS part
            GROUP BY cell
        ) AS circle
        ORDER BY cell
        """,
        values | {"level": level, "cells": list(cells), "wider": 2 * (CELL_LEVEL - level)},
    )
    return [
        Circle(
            lat=grid.latitude(float(row.y) / WORLD),
            lon=float(row.x) / WORLD * 360 - 180,
            count=int(row.count),
            groups={group: int(count) for group, count in row.groups.items()},
            status=row.status,
            bbox=cells[row.cell].bounds,
        )
        for row in rows
    ]


def _level(frame: Frame) -> int:
    """Of the cells of which about `CIRCLES_ACROSS` are as wide as the frame."""
    across = 360 / max(frame.east - frame.west, 1e-6) * CIRCLES_ACROSS
    return min(max(round(across).bit_length() - 1, COUNTED_LEVELS.start), COUNTED_LEVELS.stop - 1)


def _cells(frame: Frame, level: int) -> dict[int, grid.Tile]:
    """The cells of the frame by their number; few, since `level` suits the frame."""
    north_west = grid.place(frame.north, frame.west)
    south_east = grid.place(frame.south, frame.east)
    bits = 32 - level
    found: dict[int, grid.Tile] = {}
    for x in range(north_west.x >> bits, (south_east.x >> bits) + 1)[:64]:
        for y in range(north_west.y >> bits, (south_east.y >> bits) + 1)[:64]:
            cell = grid.Tile(level, x, y)
            found[cell.cells(level)[0]] = cell
    return found
