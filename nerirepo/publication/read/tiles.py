"""What does one tile of the map show? Vector tiles (MVT), written by PostGIS in one statement each.

Zoomed out, neighbours are one feature `{count, before, during, after}`, near their middle; zoomed in, and
where a report stands alone, a feature is `{number, category, kind, status, status_group, count: 1}`. How long
a tile takes depends on its cells and not on how many reports there are, until each is shown by itself.
"""

from typing import Any

from sqlmodel import Session

from nerirepo import sql
from nerirepo.errors import FieldFault, NotFound
from nerirepo.publication.grid import CELL_LEVEL, Tile
from nerirepo.publication.read.filters import FilterInvalid
from nerirepo.reports.status import PublicGroup

FORM = 4
"""Raise it with each change of what a tile holds: what browsers keep is told apart by it."""
CELLS_ACROSS = 3
"""A tile is cut into 2^3 x 2^3 cells: on the screen 64 pixels, the room that a circle with a number needs."""
COUNTED_LEVELS = range(13, 20)
"""The cells that `published.cell_count` has."""
EACH_ALONE_FROM = 18
"""A tile is 250 m wide here."""
LARGEST_ZOOM = 22
AT_MOST = 2000
"""Features of a tile where each report is shown by itself: a thousand people may report one fountain."""

_MVT = "SELECT ST_AsMVT(feature, 'reports', 4096, 'shape') AS mvt FROM ({features}) AS feature"
_ON_TILE = "({of} - CAST(:{axis}0 AS bigint)) * 4096.0 / :units"
_SHAPE = f"ST_MakePoint({_ON_TILE.format(of='x', axis='x')}, {_ON_TILE.format(of='y', axis='y')}) AS shape"
_IN_CELL = """CASE count WHEN 1 THEN {0}
    ELSE {0} - mod({0}, :side) + least(greatest(mod({0}, :side), 0.3 * :side), 0.7 * :side) END"""
"""Several are drawn near the middle of their cell, so that no two circles cover each other."""
_SHAPE_OF_COUNT = f"""ST_MakePoint(
    {_ON_TILE.format(of=_IN_CELL.format("x"), axis="x")},
    {_ON_TILE.format(of=_IN_CELL.format("y"), axis="y")}) AS shape"""
_FILTER = " AND status_group = :status_group", " AND kind = :kind"

_COUNTED = f"""
    SELECT count, before, during, after, number, category, kind, status, status_group, {_SHAPE_OF_COUNT}
    FROM (
        SELECT cell >> :narrower AS cell, sum(count) AS count, sum(map_x) / sum(count) AS x,
            sum(map_y) / sum(count) AS y, {{sums}}
        FROM published.cell_count
        WHERE level = :level AND cell >= :first AND cell < :after {{filter}}
        GROUP BY cell >> :narrower
    ) AS part
    LEFT JOIN LATERAL (
        SELECT number, category_code AS category, kind, status, status_group FROM published.report
        WHERE part.count = 1
            AND report.cell >= part.cell << :wider AND report.cell < (part.cell + 1) << :wider
            {{filter}}
        LIMIT 1
    ) AS single ON true
"""
_COUNTED_NOW = f"""
    SELECT count, before, during, after, number, category, kind, status, status_group, {_SHAPE_OF_COUNT}
    FROM (
        SELECT count(*) AS count, avg(map_x) AS x, avg(map_y) AS y, {{sums}},
            CASE count(*) WHEN 1 THEN min(number) END AS number,
            CASE count(*) WHEN 1 THEN min(category_code) END AS category,
            CASE count(*) WHEN 1 THEN min(kind) END AS kind,
            CASE count(*) WHEN 1 THEN min(status) END AS status,
            CASE count(*) WHEN 1 THEN min(status_group) END AS status_group
        FROM published.report
        WHERE cell >= :first AND cell < :after {{filter}}
        GROUP BY cell >> :wider
    ) AS part
"""
_EACH = f"""
    SELECT 1 AS count, number, category, kind, status, status_group, {_SHAPE}
    FROM (
        SELECT map_x AS x, map_y AS y, number, category_code AS category, kind, status,
            status_group
        FROM published.report WHERE cell >= :first AND cell < :after {{filter}} LIMIT {AT_MOST}
    ) AS part
"""


class TileUnknown(NotFound):
    """There is no such part of the map."""

    code = "tile_unknown"


def tile_at(z: str, x: str, y: str) -> Tile:
    """From an address; raises `TileUnknown` for whatever is no tile."""
    if not all(part.isascii() and part.isdigit() and len(part) < 9 for part in (z, x, y)):
        raise TileUnknown
    tile = Tile(int(z), int(x), int(y))
    if tile.z > LARGEST_ZOOM or max(tile.x, tile.y) >= 1 << tile.z:
        raise TileUnknown
    return tile


def tile(
    session: Session, tile: Tile, *, status_group: PublicGroup | None = None, kind: str | None = None
) -> bytes:
    """Layer `reports`; empty where there is none. `kind` is a top category."""
    given = {"status_group": status_group, "kind": kind}
    conditions = "".join(
        part for part, value in zip(_FILTER, given.values(), strict=True) if value is not None
    )
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    values |= {"x0": tile.x * tile.units, "y0": tile.y * tile.units, "units": tile.units}
    side = tile.units >> CELLS_ACROSS
    level = tile.z + CELLS_ACROSS
    if tile.z >= EACH_ALONE_FROM:
        features, counted = _EACH, CELL_LEVEL
    elif level >= COUNTED_LEVELS.stop:
        features, counted = _COUNTED_NOW.replace("{sums}", _sums("count(*)")), CELL_LEVEL
        values |= {"wider": 2 * (CELL_LEVEL - level), "side": side}
    else:
        counted = max(level, COUNTED_LEVELS.start)
        features = _COUNTED.replace("{sums}", _sums("sum(count)"))
        values |= {
            "level": counted,
            "narrower": 2 * (counted - level),
            "wider": 2 * (CELL_LEVEL - level),
            "side": side,
        }
    values["first"], values["after"] = tile.cells(counted)
    statement = _MVT.format(features=features.replace("{filter}", conditions))
    return bytes(sql.first(session, statement, values).mvt)


def _sums(count: str) -> str:
    return ", ".join(
        f"coalesce({count} FILTER (WHERE status_group = '{group}'), 0) AS {group}" for group in PublicGroup
    )


def check_kind(session: Session, kind: str) -> None:
    """Raise `FilterInvalid` for what is no top category: its tile would be empty, as if all were well."""
    known = "SELECT FROM published.category WHERE code = :kind AND parent_code IS NULL"
    if not sql.rows(session, known, {"kind": kind}):
        raise FilterInvalid(faults=(FieldFault("category", FilterInvalid.code, "no top category"),))
