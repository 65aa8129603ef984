"""Does a layer lie where the ward is? With x and y exchanged it still lies in Japan, in another town."""

from typing import Any

from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.places.collection import LayerFileInvalid
from nerirepo.places.tables import Layer

LEAST_SHARE = 0.5
"""Of a layer's features, in or near the ward."""
NEAR = 0.02
"""Degrees around the ward, about two kilometres: roads and parks do not end at the border."""
LOOKED_AT = 500
"""Features that are turned round to see whether they would fit then."""

_STANDING = """
    SELECT f.shape FROM place_feature AS f JOIN layer_version AS v ON v.id = f.version_id
    WHERE v.is_active AND v.id <> :version AND v.layer = ANY(:of)
"""
_SHARE = f"""
    WITH frame AS (SELECT ST_Expand(ST_Extent(shape)::geometry, {NEAR}) AS box FROM ({_STANDING}) AS standing)
    SELECT count(*) AS all_of_them,
        count(*) FILTER (WHERE ST_Intersects(given.shape, ST_SetSRID(frame.box, 4326))) AS near,
        count(*) FILTER (WHERE position <= {LOOKED_AT}
            AND ST_Intersects({{turned}}, ST_SetSRID(frame.box, 4326))) AS near_when_turned,
        count(*) FILTER (WHERE position <= {LOOKED_AT}) AS looked_at
    FROM (SELECT shape, row_number() OVER (ORDER BY id) AS position
        FROM place_feature WHERE version_id = :version) AS given, frame
    WHERE frame.box IS NOT NULL
"""
_INSIDE_BOUNDARY = f"""
    SELECT count(*) AS all_of_them, count(*) FILTER (WHERE EXISTS (
        SELECT FROM place_feature AS own
        WHERE own.version_id = :version
            AND ST_Intersects(own.shape, ST_PointOnSurface(standing.shape)))) AS near
    FROM ({_STANDING}) AS standing
"""


def refuse_elsewhere(session: Session, version: int, layer: Layer, crs: int | str) -> None:
    """Hold a version that is not yet active against the layers that are. Raises `LayerFileInvalid`."""
    if layer is Layer.BOUNDARY:
        of = [Layer.TOWNS.value, Layer.PARKS.value]
        found = sql.first(session, _INSIDE_BOUNDARY, {"version": version, "of": of})
        if found.all_of_them and not found.near:
            raise LayerFileInvalid(
                f"None of the {found.all_of_them} towns and parks that stand lies in this boundary"
                f"{_hint(session, version, crs, of)}; --force loads it all the same"
            )
        return
    found = _share(session, version, "given.shape", [Layer.BOUNDARY.value])
    least = 0.0 if layer is Layer.NEIGHBOURS else LEAST_SHARE
    if not found.all_of_them or (found.near and found.near / found.all_of_them >= least):
        return
    raise LayerFileInvalid(
        f"Only {found.near} of the {found.all_of_them} features lie in or near the ward"
        f"{_hint(session, version, crs, [Layer.BOUNDARY.value])}; --force loads them all the same"
    )


def _hint(session: Session, version: int, crs: int | str, of: list[str]) -> str:
    if not isinstance(crs, int):
        return ""
    turned = f"ST_Transform(ST_FlipCoordinates(ST_Transform(given.shape, {crs})), 4326)"
    found = _share(session, version, turned, of)
    if found.near_when_turned <= found.looked_at * LEAST_SHARE:
        return ""
    return (
        "; with x and y exchanged they would (Japan's plane coordinates call north x, files put east first): "
        "exchange them, such as with ST_SwapXY or a program's 'swap X and Y'"
    )


def _share(session: Session, version: int, turned: str, of: list[str]) -> Any:
    return sql.first(session, _SHARE.format(turned=turned), {"version": version, "of": of})
