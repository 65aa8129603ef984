"""The ground of the interactive map from the ward's own lines, so that it needs nobody else's tiles."""

from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.publication.grid import Tile
from nerirepo.publication.read.surroundings import METRES_PER_DEGREE

_FIRST_SEEN = "CASE layer WHEN 'parks' THEN 11 WHEN 'roads' THEN 11 WHEN 'towns' THEN 13 ELSE 0 END"
"""The zoom from which a layer is worth its ink."""
_ALL_FROM = 14
"""Further out, what is shorter than some pixels is left out."""
_LONG_ENOUGH = 12
"""Half pixels."""

_LINES = f"""
    SELECT coalesce(string_agg(mvt, ''), '') AS mvt FROM (
        SELECT ST_AsMVT(feature, feature.layer, 4096, 'shape') AS mvt
        FROM (
            SELECT layer, name,
                ST_AsMVTGeom(
                    ST_Simplify(ST_Transform(line.shape, 3857), here.metres), here.square, 4096, 64
                ) AS shape
            FROM published.line AS line, (
                SELECT ST_TileEnvelope(:z, :x, :y) AS square,
                    ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.02), 4326) AS window_,
                    CAST(:metres AS float8) AS metres
            ) AS here
            WHERE line.shape && here.window_ AND :z >= {_FIRST_SEEN}
                AND (:z >= {_ALL_FROM} OR layer IN ('boundary', 'neighbours', 'towns')
                    OR greatest(ST_XMax(shape) - ST_XMin(shape), ST_YMax(shape) - ST_YMin(shape))
                        > {_LONG_ENOUGH} * here.metres / {METRES_PER_DEGREE})
        ) AS feature
        WHERE shape IS NOT NULL
        GROUP BY feature.layer
    ) AS layers
"""
_METRES_AROUND_THE_WORLD = 40_075_017
_HALF_A_PIXEL = 1024


def lines(session: Session, tile: Tile) -> bytes:
    """A vector tile: layers boundary, neighbours, parks, roads and towns (points), each with `name`."""
    half_a_pixel = _METRES_AROUND_THE_WORLD / (1 << tile.z) / _HALF_A_PIXEL
    values = {"z": tile.z, "x": tile.x, "y": tile.y, "metres": half_a_pixel}
    return bytes(sql.first(session, _LINES, values).mvt)
