"""Load a layer of geometry from a file and switch it on as a whole, or change nothing."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.errors import FieldFault
from nerirepo.database import sql
from nerirepo.places import codes, layer_file, plausible
from nerirepo.places.collection import Hints, LayerFileInvalid
from nerirepo.places.facts import JAPAN_LATITUDES, JAPAN_LONGITUDES
from nerirepo.places.layer_file import NOTHING_SAID, Feature
from nerirepo.places.tables import Layer, LayerVersion

KEPT_VERSIONS = 3
"""Of a layer: the active one and two to go back to."""
AT_A_TIME = 2000
"""Features in one statement: a second or so, after which somebody who waits is told."""
LONGEST_STATEMENT = "10min"
"""Looking at all lines of a prefecture takes longer than any statement of a request may."""

Progress = Callable[[int, int], None]
"""How many features of how many are in."""


@dataclass(frozen=True)
class Loaded:
    features: int
    version: int
    lost: tuple[str, ...] = ()
    """Names that the version before it has, and this one has not."""
    remarks: tuple[str, ...] = ()
    """What a person should look at, though it was loaded."""


def load_layer(
    session: Session,
    file: IO[bytes],
    layer: str,
    source: str,
    hints: Hints = NOTHING_SAID,
    progress: Progress = lambda _done, _of: None,
    *,
    force: bool = False,
) -> Loaded:
    """Load GeoJSON, a zipped Shapefile or a GeoPackage, in any coordinates, as `layer`'s new active version.

    `source` is the file's name; `force` takes a layer that lies elsewhere than the ward. Raises
    `LayerFileInvalid`, with one fault per bad feature, and leaves the session's transaction as it was.
    """
    try:
        chosen = Layer(layer)
    except ValueError:
        known = ", ".join(Layer)
        raise LayerFileInvalid(f"There is no layer {layer!r}; there are {known}.") from None
    content = file.read()
    read = layer_file.read(content, chosen, hints)
    with session.begin_nested():
        sql.run(session, f"SET LOCAL statement_timeout = '{LONGEST_STATEMENT}'")
        lock_layer(session, chosen)
        version = LayerVersion(
            layer=chosen,
            source=PurePath(source).name,
            sha256=hashlib.sha256(content).hexdigest(),
            features=len(read.features),
            is_approximate=read.is_approximate,
            loaded_at=clock.now(),
        )
        session.add(version)
        session.flush()
        assert version.id is not None
        for begin in range(0, len(read.features), AT_A_TIME):
            some = read.features[begin : begin + AT_A_TIME]
            _insert(session, version.id, chosen, read.crs, some)
            progress(begin + len(some), len(read.features))
        remarks = _mended_shapes(session, version.id)
        _check_shapes(session, version.id)
        if not force:
            plausible.refuse_elsewhere(session, version.id, chosen, read.crs)
        remarks += codes.unknown(session, version.id, chosen)
        lost = _lost_names(session, version.id, chosen)
        switch_on(session, version.id, chosen)
        _forget_old_versions(session, chosen)
    return Loaded(len(read.features), version.id, lost, tuple(remarks))


def _insert(session: Session, version: int, layer: Layer, crs: int | str, some: list[Feature]) -> None:
    known = isinstance(crs, int)
    shape = "ST_Force2D(ST_GeomFromGeoJSON(feature ->> 'geometry'))"
    # PostGIS knows EPSG's systems by number; to PROJ below it any other can be told in words.
    in_degrees = f"ST_SetSRID({shape}, :crs), 4326" if known else f"ST_SetSRID({shape}, 0), :crs, 4326"
    features = [
        {"name": each.name, "properties": each.properties, "geometry": each.geometry} for each in some
    ]
    try:
        sql.run(
            session,
            f"""
            INSERT INTO place_feature (version_id, layer, name, properties, shape)
            SELECT :version, :layer, feature ->> 'name', feature -> 'properties',
                ST_Transform({in_degrees})
            FROM json_array_elements(CAST(:features AS json)) WITH ORDINALITY AS given (feature, position)
            ORDER BY position
            """,
            {
                "version": version,
                "layer": layer.value,
                "crs": crs,
                "features": json.dumps(features, ensure_ascii=False),
            },
        )
    except OperationalError:
        raise
    except DBAPIError as error:
        raise LayerFileInvalid(f"PostGIS cannot read the shapes: {error.orig}") from error


def _mended_shapes(session: Session, version: int) -> list[str]:
    """Polygons that cross themselves, as a bow tie does, become what they enclose. Tells which, and where."""
    crossed = sql.rows(
        session,
        """
        WITH crossed AS (
            SELECT * FROM (
                SELECT id, name, shape, row_number() OVER (ORDER BY id) - 1 AS index
                FROM place_feature WHERE version_id = :version) AS given
            WHERE ST_Dimension(shape) = 2 AND NOT ST_IsValid(shape)
        )
        UPDATE place_feature AS mended SET shape = ST_CollectionExtract(ST_MakeValid(crossed.shape), 3)
        FROM crossed WHERE crossed.id = mended.id
            AND NOT ST_IsEmpty(ST_CollectionExtract(ST_MakeValid(crossed.shape), 3))
        RETURNING crossed.index, crossed.name, ST_IsValidReason(crossed.shape) AS reason
        """,
        {"version": version},
    )
    return [
        f"features[{each.index}]: {each.name}: {each.reason}: mended to what it encloses"
        for each in sorted(crossed, key=lambda each: each.index)
    ]


def _lost_names(session: Session, version: int, layer: Layer) -> tuple[str, ...]:
    lost = sql.rows(
        session,
        """
        SELECT name FROM place_feature AS old JOIN layer_version ON layer_version.id = version_id
        WHERE is_active AND layer_version.layer = :layer
        EXCEPT SELECT name FROM place_feature WHERE version_id = :version ORDER BY name
        """,
        {"version": version, "layer": layer.value},
    )
    return tuple(each.name for each in lost)


def _check_shapes(session: Session, version: int) -> None:
    """What only PostGIS can tell: whether a shape is sound, and lies in Japan once transformed."""
    bad = sql.rows(
        session,
        """
        WITH loaded AS (
            SELECT row_number() OVER (ORDER BY id) - 1 AS index, name, shape,
                shape @ ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS in_japan,
                ST_IsValid(shape) AND NOT ST_IsEmpty(shape) AS sound
            FROM place_feature WHERE version_id = :version
        )
        SELECT index, name, sound, ST_IsValidReason(shape) AS reason,
            ST_X(ST_GeometryN(ST_Points(shape), 1)) AS x, ST_Y(ST_GeometryN(ST_Points(shape), 1)) AS y
        FROM (SELECT index, name, sound, shape FROM loaded WHERE NOT (sound AND in_japan)) AS bad
        ORDER BY index
        """,
        {
            "version": version,
            "west": JAPAN_LONGITUDES[0],
            "east": JAPAN_LONGITUDES[1],
            "south": JAPAN_LATITUDES[0],
            "north": JAPAN_LATITUDES[1],
        },
    )
    faults: list[FieldFault] = []
    for row in bad:
        field = f"features[{row.index}]"
        if not row.sound:
            faults.append(FieldFault(field, "shape_not_valid", f"{row.name}: {row.reason}"))
        else:
            faults.append(FieldFault(field, "not_in_japan", f"{row.name}: {_where(row.x, row.y)}"))
    layer_file.refuse(faults)


def _where(x: float, y: float) -> str:
    exchanged = (
        JAPAN_LATITUDES[0] <= x <= JAPAN_LATITUDES[1] and JAPAN_LONGITUDES[0] <= y <= JAPAN_LONGITUDES[1]
    )
    hint = "; longitude comes first in GeoJSON, here the two seem to be exchanged" if exchanged else ""
    if not exchanged and (abs(x) > 180 or abs(y) > 90):
        hint = "; these are metres: where the file names no system, say which with --crs (6677 around Tokyo)"
    return f"longitude {x:g}, latitude {y:g} is not in Japan{hint}"


def lock_layer(session: Session, layer: Layer) -> None:
    """One at a time loads or switches a layer."""
    sql.run(session, "SELECT pg_advisory_xact_lock(hashtext('layer ' || :layer))", {"layer": layer.value})


def switch_on(session: Session, version: int, layer: Layer) -> None:
    """Make `version` the active one of its layer."""
    given = {"layer": layer.value, "version": version}
    sql.run(session, "UPDATE layer_version SET is_active = false WHERE layer = :layer AND is_active", given)
    sql.run(session, "UPDATE layer_version SET is_active = true WHERE id = :version", given)


def _forget_old_versions(session: Session, layer: Layer) -> None:
    sql.run(
        session,
        """
        DELETE FROM layer_version WHERE layer = :layer AND id NOT IN (
            SELECT id FROM layer_version WHERE layer = :layer ORDER BY id DESC LIMIT :kept)
        """,
        {"layer": layer.value, "kept": KEPT_VERSIONS},
    )
