"""Where is a point? One question to PostGIS, answered from the active version of each layer."""

from typing import Any

from sqlmodel import Session

from nerirepo.base.errors import Unavailable
from nerirepo.database import sql
from nerirepo.places.facts import NEAR_M, Facility, Neighbour, Park, PlaceFacts, Road

BORDER_MARGIN_M = 50.0
"""Metres by which a phone between houses may be wrong, for a ward whose profile says nothing else."""
NEIGHBOUR_WITHIN_M = 1000.0
"""Outlines of neighbours are often coarser than ours: in a gap between them and us the nearest counts."""


class LayerMissing(Unavailable):
    """The ward's boundary has not been loaded."""

    code = "layer_missing"


# Distances are on the ellipsoid (geography), so that metres are metres. A boundary has thousands of corners
# and measuring to it costs more than all the rest: it is cut to the margin's surroundings first, and measured
# in full only from outside. Parameters stand in `given` alone: so a plan for this place is no cheaper than
# one for all places, and PostgreSQL keeps that; to plan anew would take as long as to answer.
_LOCATE = """
    WITH given AS MATERIALIZED (
        SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS point,
            coalesce((SELECT (profile #>> '{limits,border_margin_m}')::float FROM ward), :margin) AS margin,
            CAST(:near AS float) AS near, CAST(:neighbour AS float) AS neighbour_within
    ), here AS MATERIALIZED (
        -- degrees, of which each is 75 km or more in Japan: at least three times the margin
        SELECT *, point::geography AS place, ST_Expand(point, margin / 25000) AS surroundings FROM given
    ), active AS MATERIALIZED (
        SELECT id, layer FROM layer_version WHERE is_active
    ), outline AS MATERIALIZED (
        SELECT shape, left(properties ->> 'code', 5) AS municipality, ST_Intersects(shape, point) AS inside
        FROM here, place_feature WHERE version_id = (SELECT id FROM active WHERE layer = 'boundary')
    ), boundary AS MATERIALIZED (
        SELECT bool_or(inside) AS inside, min(municipality) AS municipality,
            min(CASE WHEN NOT inside THEN ST_Distance(shape::geography, place) END) AS distance,
            bool_or(ST_DWithin(
                ST_ClipByBox2D(ST_Boundary(shape), surroundings)::geography, place, margin)) AS border
        FROM here, outline
    ), town AS (
        SELECT name, shape FROM place_feature WHERE version_id = (SELECT id FROM active WHERE layer = 'towns')
    ), near AS (
        SELECT active.layer, name, properties, ST_Distance(shape::geography, place) AS distance
        FROM here, place_feature AS feature JOIN active ON active.id = version_id
        WHERE feature.layer IN ('parks', 'roads', 'facilities')
            AND ST_DWithin(shape::geography, place, here.near)
    )
    SELECT inside, border, distance,
        CASE WHEN inside OR border THEN coalesce(
            (SELECT name FROM here, town WHERE ST_Intersects(shape, point) LIMIT 1),
            (SELECT name FROM here, town ORDER BY shape::geography <-> place LIMIT 1)
        ) END AS town,
        CASE WHEN NOT inside THEN (
            SELECT json_build_object('name', name, 'code', properties ->> 'code', 'manager',
                coalesce(properties ->> 'manager', (
                    SELECT code FROM manager WHERE kind = 'neighbour' AND names ->> 'ja' = name LIMIT 1)))
            FROM here, place_feature
            WHERE version_id = (SELECT id FROM active WHERE layer = 'neighbours')
                AND left(properties ->> 'code', 5) IS DISTINCT FROM municipality -- many files hold ours, too
                AND ST_DWithin(shape::geography, place, neighbour_within)
            ORDER BY ST_Distance(shape::geography, place), ST_Area(shape) LIMIT 1
        ) END AS neighbour,
        (SELECT json_agg(near ORDER BY distance, name) FROM near) AS near
    FROM boundary
"""


def locate(session: Session, lat: float, lon: float) -> PlaceFacts:
    """The facts of a point in WGS 84. Raises `LayerMissing` while there is no boundary."""
    row = sql.first(
        session,
        _LOCATE,
        {
            "lat": lat,
            "lon": lon,
            "near": NEAR_M,
            "margin": BORDER_MARGIN_M,
            "neighbour": NEIGHBOUR_WITHIN_M,
        },
    )
    if row.inside is None:
        raise LayerMissing
    near: list[dict[str, Any]] = row.near or []
    return PlaceFacts(
        lat=lat,
        lon=lon,
        inside=row.inside,
        border=row.border,
        distance_outside_m=0.0 if row.inside else row.distance,
        town=row.town,
        neighbour=Neighbour(**row.neighbour) if row.neighbour else None,
        parks=tuple(
            Park(each["name"], each["properties"]["owner"])
            for each in near
            if each["layer"] == "parks" and each["distance"] == 0
        ),
        roads=tuple(
            Road(
                each["name"],
                each["properties"]["class"],
                each["properties"].get("width_m"),
                each["distance"],
            )
            for each in near
            if each["layer"] == "roads"
        ),
        facilities=tuple(
            Facility(each["name"], each["properties"].get("kind", ""), each["distance"])
            for each in near
            if each["layer"] == "facilities"
        ),
    )
