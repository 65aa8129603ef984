"""What does one tile of the map show? Vector tiles (MVT), written by PostGIS in one statement each.

Zoomed out, neighbours are one feature `{count, before, during, after}`, near their middle; zoomed in, and
where a report stands alone, a feature is `{number, category, kind, status, status_group, count: 1}`. How long
a tile takes depends on its cells and not on how many reports there are, until each is shown by itself.
"""

from typing import Any

from sqlmodel import Session

from nerirepo.base.errors import FieldFault, NotFound
from nerirepo.database import sql
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

_IN_X, _IN_Y = (
    f"CASE count WHEN 1 THEN {axis} ELSE {axis} - mod({axis}, :side)"
    f" + least(greatest(mod({axis}, :side), 0.3 * :side), 0.7 * :side) END"
    for axis in "xy"
)
"""Several are drawn near the middle of their cell, so that no two circles cover each other."""


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
    filters, values = _filters(status_group, kind)
    values |= {"x0": tile.x * tile.units, "y0": tile.y * tile.units, "units": tile.units}
    side = tile.units >> CELLS_ACROSS
    level = tile.z + CELLS_ACROSS
    if tile.z >= EACH_ALONE_FROM:
        features, counted = _each(filters), CELL_LEVEL
    elif level >= COUNTED_LEVELS.stop:
        features, counted = _counted_now(filters), CELL_LEVEL
        values |= {"wider": 2 * (CELL_LEVEL - level), "side": side}
    else:
        counted = max(level, COUNTED_LEVELS.start)
        features = _counted(filters)
        values |= {
            "level": counted,
            "narrower": 2 * (counted - level),
            "wider": 2 * (CELL_LEVEL - level),
            "side": side,
        }
    values["first"], values["after"] = tile.cells(counted)
    statement = f"SELECT ST_AsMVT(feature, 'reports', 4096, 'shape') AS mvt FROM ({features}) AS feature"
    return bytes(sql.first(session, statement, values).mvt)


def _filters(status_group: PublicGroup | None, kind: str | None) -> tuple[str, dict[str, Any]]:
    """What follows a condition, and its values."""
    given = {"status_group": status_group, "kind": kind}
    values = {column: value for column, value in given.items() if value is not None}
    return "".join(f" AND {column} = :{column}" for column in values), values


def _counted(filters: str) -> str:
    """From the counts that are kept, of cells at least as narrow as the tile's."""
    return f"""
        SELECT count, before, during, after, number, category, kind, status, status_group,
            {_shape(_IN_X, _IN_Y)}
        FROM (
            SELECT cell >> :narrower AS cell, sum(count) AS count, sum(map_x) / sum(count) AS x,
                sum(map_y) / sum(count) AS y, {_by_group("sum(count)")}
            FROM published.cell_count
            WHERE level = :level AND cell >= :first AND cell < :after {filters}
            GROUP BY cell >> :narrower
        ) AS part
        LEFT JOIN LATERAL (
            SELECT number, category_code AS category, kind, status, status_group FROM published.report
            WHERE part.count = 1
                AND report.cell >= part.cell << :wider AND report.cell < (part.cell + 1) << :wider
                {filters}
            LIMIT 1
        ) AS single ON true
    """


def _counted_now(filters: str) -> str:
    """From the reports, of cells so narrow that no counts of them are kept."""
    of_single = ", ".join(
        f"CASE count(*) WHEN 1 THEN min({column}) END AS {name}"
        for column, name in (
            ("number", "number"),
            ("category_code", "category"),
            ("kind", "kind"),
            ("status", "status"),
            ("status_group", "status_group"),
        )
    )
    return f"""
        SELECT count, before, during, after, number, category, kind, status, status_group,
            {_shape(_IN_X, _IN_Y)}
        FROM (
            SELECT count(*) AS count, avg(map_x) AS x, avg(map_y) AS y, {_by_group("count(*)")}, {of_single}
            FROM published.report
            WHERE cell >= :first AND cell < :after {filters}
            GROUP BY cell >> :wider
        ) AS part
    """


def _each(filters: str) -> str:
    """Each report by itself."""
    return f"""
        SELECT 1 AS count, number, category, kind, status, status_group, {_shape("x", "y")}
        FROM (
            SELECT map_x AS x, map_y AS y, number, category_code AS category, kind, status,
                status_group
            FROM published.report WHERE cell >= :first AND cell < :after {filters} LIMIT {AT_MOST}
        ) AS part
    """


def _shape(x: str, y: str) -> str:
    """A point of the map on the tile, whose sides are 4096 long."""
    on_tile = (f"({of} - CAST(:{axis}0 AS bigint)) * 4096.0 / :units" for axis, of in (("x", x), ("y", y)))
    return f"ST_MakePoint({', '.join(on_tile)}) AS shape"


def _by_group(count: str) -> str:
    return ", ".join(
        f"coalesce({count} FILTER (WHERE status_group = '{group}'), 0) AS {group}" for group in PublicGroup
    )


def check_kind(session: Session, kind: str) -> None:
    """Raise `FilterInvalid` for what is no top category: its tile would be empty, as if all were well."""
    known = "SELECT FROM published.category WHERE code = :kind AND parent_code IS NULL"
    if not sql.rows(session, known, {"kind": kind}):
        raise FilterInvalid(faults=(FieldFault("category", FilterInvalid.code, "no top category"),))
