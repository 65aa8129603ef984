# pyright: basic
# A file of a stranger may hold anything.
"""What does a layer's file say? Looks at it feature by feature and names every fault it finds."""

import math
import re
import reprlib
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from nerirepo.base.errors import FieldFault
from nerirepo.places import geojson
from nerirepo.places.collection import Collection, Hints, LayerFileInvalid
from nerirepo.places.tables import Layer
from nerirepo.words.fields import Text

MOST_FAULTS = 10
"""Shown of one file: whoever repairs it needs a few, not thousands."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def _without_controls(value: Any) -> Any:
    # In what a person types they are dropped. In a file they say that it is read wrongly.
    if isinstance(value, str) and _CONTROL.search(value):
        raise PydanticCustomError("text_not_allowed", "control characters are not allowed")
    return value


WORDS = TypeAdapter(Annotated[Text, BeforeValidator(_without_controls), Field(min_length=1, max_length=200)])
"""A name, an owner: it is shown to residents."""

ARCHIVE = b"PK\x03\x04"
GEOPACKAGE = b"SQLite format 3\0"
SHAPEFILE = b"\0\0\x27\x0a"

NOTHING_SAID = Hints()

_POLYGONS = {"Polygon", "MultiPolygon"}
_LINES = {"LineString", "MultiLineString"}
_POINTS = {"Point", "MultiPoint"}

SHAPES: dict[Layer, set[str]] = {
    Layer.BOUNDARY: _POLYGONS,
    Layer.NEIGHBOURS: _POLYGONS,
    Layer.TOWNS: _POINTS | _POLYGONS,
    Layer.PARKS: _POLYGONS,
    Layer.ROADS: _LINES,
    Layer.FACILITIES: _POINTS | _POLYGONS,
}
"""Which geometry a layer may hold: a park without an area contains nothing, a road with one has no middle."""

_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How many lists stand around a position."""

NAMES = ("name", "town")
PROPERTIES: dict[Layer, dict[str, tuple[str, ...]]] = {
    Layer.BOUNDARY: {"code": ("code", "code6", "code5")},
    Layer.NEIGHBOURS: {"code": ("code", "code6", "code5"), "manager": ("manager",)},
    Layer.TOWNS: {"oaza": ("oaza",), "chome": ("chome",)},
    Layer.PARKS: {"owner": ("owner",)},
    Layer.ROADS: {"class": ("class",), "width_m": ("width_m",)},
    Layer.FACILITIES: {"kind": ("kind", "category")},
}
"""What we keep of a feature, and under which names files have it."""
NEEDED: dict[Layer, str] = {Layer.PARKS: "owner", Layer.ROADS: "class"}
"""What routing cannot do without."""
_NAMED_BY: dict[Layer, str] = {Layer.ROADS: "class", Layer.FACILITIES: "kind"}
"""What stands in for the name where many features have none."""


@dataclass(frozen=True)
class Feature:
    name: str
    properties: dict[str, Any]
    geometry: dict[str, Any]


@dataclass(frozen=True)
class LayerFile:
    crs: int | str
    """Of the coordinates as they stand in the file: EPSG number or WKT."""
    is_approximate: bool
    features: list[Feature]


def read(content: bytes, layer: Layer, hints: Hints = NOTHING_SAID) -> LayerFile:
    """The features of a file in any of the formats. Raises `LayerFileInvalid` with each fault's place."""
    collection = _collection(content, hints)
    if not collection.features:
        raise LayerFileInvalid("The file holds no features.")
    _refuse_unknown_names(collection, layer, hints)
    features, faults = [], []
    for index, each in enumerate(collection.features):
        try:
            features.append(_feature(each, layer, hints))
        except _Fault as fault:
            faults.append(FieldFault(f"features[{index}]", fault.code, f"{_label(each, hints)}{fault}"))
    refuse(faults)
    approximate = collection.is_approximate or any(
        feature["properties"].get(key) is True
        for feature in collection.features
        for key in ("approximate", "approx")
    )
    return LayerFile(collection.crs, approximate, features)


def _refuse_unknown_names(collection: Collection, layer: Layer, hints: Hints) -> None:
    """A name that is mistyped would be a column that is silently not there."""
    ours = (
        {name for names in PROPERTIES[layer].values() for name in names} | set(NAMES) | {*PROPERTIES[layer]}
    )
    if wrong := [each for each in (*hints.columns, *hints.values) if each not in ours]:
        known = ", ".join(sorted(ours))
        raise LayerFileInvalid(f"The layer {layer.value} has no property {wrong[0]!r}; it has: {known}")
    columns = {
        name: None
        for each in collection.features
        if isinstance(each, dict) and isinstance(each.get("properties"), dict)
        for name in each["properties"]
    }
    if missing := [each for each in hints.columns.values() if each not in columns]:
        there = ", ".join(columns) or "none"
        raise LayerFileInvalid(f"The file has no column {missing[0]!r}; it has: {there}")


def _collection(content: bytes, hints: Hints) -> Collection:
    """By what a file begins with: its name may say anything."""
    if content.startswith((ARCHIVE, GEOPACKAGE)):
        # Here, since GDAL takes half a second to come, and every start reads layers without it.
        from nerirepo.places import survey_file

        is_archive = content.startswith(ARCHIVE)
        return (survey_file.read_archive if is_archive else survey_file.read_geopackage)(content, hints)
    if content.startswith(SHAPEFILE):
        raise LayerFileInvalid("A Shapefile comes as a .zip of its .shp, .shx, .dbf and .prj")
    return geojson.read(content, hints)


def refuse(faults: list[FieldFault]) -> None:
    """Raise when there are faults."""
    if faults:
        first = faults[0]
        raise LayerFileInvalid(
            f"{len(faults)} of the features cannot be loaded; {first.field}: {first.detail}",
            faults=tuple(faults[:MOST_FAULTS]),
        )


class _Fault(ValueError):
    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(detail)


def _feature(feature: Any, layer: Layer, hints: Hints) -> Feature:
    given = _given(feature, hints)
    if given is None:
        raise _Fault("not_a_feature", "a Feature with properties is expected")
    properties = {
        ours: value
        for ours, theirs in PROPERTIES[layer].items()
        if (value := _first(given, theirs)) is not None
    }
    if (needed := NEEDED.get(layer)) and not isinstance(properties.get(needed), str):
        raise _Fault("property_missing", f"the property {needed!r} is missing")
    if "code" in properties:
        properties["code"] = unicodedata.normalize("NFKC", str(properties["code"])).strip()
    if "width_m" in properties:
        properties["width_m"] = _metres(properties["width_m"])
    name = _first(given, NAMES) or properties.get(_NAMED_BY.get(layer, ""))
    # As a database has it; many write each number with a fraction.
    if isinstance(name, int | float) and _is_number(name):
        name = str(int(name)) if name == int(name) else str(name)
    if not isinstance(name, str):
        raise _Fault("property_missing", "the property 'name' is missing")
    cleaned = {key: _words(key, value) for key, value in properties.items()}
    return Feature(_words("name", name), cleaned, _geometry(feature.get("geometry"), layer))


def _metres(width: Any) -> float:
    """A number, or one that is written in words, as tables of text alone have it."""
    number = width
    if isinstance(width, str):
        with suppress(ValueError):
            number = float(unicodedata.normalize("NFKC", width).strip().removesuffix("m"))
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < 200:
        raise _Fault("property_wrong", f"width_m is {reprlib.repr(width)}; metres are expected")
    return number


def _words(key: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return WORDS.validate_python(value)
    except ValidationError as error:
        raise _Fault("property_wrong", f"the property {key!r}: {error.errors()[0]['msg']}") from error


def _first(given: dict[str, Any], keys: tuple[str, ...]) -> Any:
    return next((given[key] for key in keys if given.get(key) not in (None, "")), None)


def _geometry(geometry: Any, layer: Layer) -> dict[str, Any]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in SHAPES[layer]:
        wanted = ", ".join(sorted(SHAPES[layer]))
        raise _Fault("wrong_geometry", f"geometry is {kind}; {layer.value} takes {wanted}")
    coordinates = geometry.get("coordinates")
    for position in _inside(coordinates, _DEPTH[kind]):
        if not (2 <= len(position) <= 4 and all(map(_is_number, position))):
            raise _Fault("wrong_position", f"{reprlib.repr(position)} is not a position of finite numbers")
    if kind in _POLYGONS:
        for ring in _inside(coordinates, _DEPTH[kind] - 1):
            if len(ring) < 4 or ring[0] != ring[-1]:
                raise _Fault("ring_not_closed", "a ring needs four positions or more and ends where it began")
    return {"type": kind, "coordinates": coordinates}


def _inside(coordinates: Any, depth: int) -> Iterator[list[Any]]:
    """The lists that stand `depth` lists deep."""
    if not isinstance(coordinates, list) or not coordinates:
        raise _Fault("wrong_geometry", "coordinates are empty or not nested as the type says")
    if depth == 0:
        yield coordinates
        return
    for each in coordinates:
        yield from _inside(each, depth - 1)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # of a whole number beyond all floats
        return False


def _given(feature: Any, hints: Hints) -> dict[str, Any] | None:
    """A feature's properties, and what a person says of them; None where it is no feature."""
    found = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(found, dict):
        return None
    return found | {ours: found.get(theirs) for ours, theirs in hints.columns.items()} | dict(hints.values)


def _label(feature: Any, hints: Hints) -> str:
    given = _given(feature, hints)
    name = _first(given, NAMES) if given else None
    # Shown at a terminal: a file of somebody else's must not write there what it likes.
    return f"{reprlib.repr(name)[1:-1]}: " if isinstance(name, str) else ""
