"""What does a layer's file say? Reads GeoJSON feature by feature and names every fault it finds."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Never

from nerirepo.errors import FieldFault, Invalid
from nerirepo.places.tables import Layer

MOST_FAULTS = 10
"""Shown of one file: whoever repairs it needs a few, not thousands."""

WGS_84 = 4326

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


class LayerFileInvalid(Invalid):
    """This file cannot be loaded as a layer."""

    code = "layer_file_invalid"


@dataclass(frozen=True)
class Feature:
    name: str
    properties: dict[str, Any]
    geometry: dict[str, Any]


@dataclass(frozen=True)
class LayerFile:
    srid: int
    """Of the coordinates as they stand in the file."""
    is_approximate: bool
    features: list[Feature]


def read(content: bytes, layer: Layer) -> LayerFile:
    """The features of a GeoJSON FeatureCollection. Raises `LayerFileInvalid` with each fault's place."""
    collection = _parsed(content)
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise LayerFileInvalid("A GeoJSON FeatureCollection is expected.")
    found = collection.get("features")
    if not isinstance(found, list) or not found:
        raise LayerFileInvalid("The file holds no features.")
    features, faults = [], []
    for index, each in enumerate(found):
        try:
            features.append(_feature(each, layer))
        except _Fault as fault:
            faults.append(FieldFault(f"features[{index}]", fault.code, f"{_label(each)}{fault}"))
    refuse(faults)
    approximate = collection.get("approximate") is True or any(
        feature["properties"].get(key) is True for feature in found for key in ("approximate", "approx")
    )
    return LayerFile(_srid(collection.get("crs")), approximate, features)


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


def _parsed(content: bytes) -> Any:
    def refuse_constant(name: str) -> Never:
        raise LayerFileInvalid(f"{name} is not a number that JSON knows.")

    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=refuse_constant)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise LayerFileInvalid(f"This is not JSON in UTF-8: {error}") from error


def _srid(crs: Any) -> int:
    """The EPSG number of the `crs` member that GeoJSON had until 2016 and many programs still write."""
    if crs is None:
        return WGS_84
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    if isinstance(name, str):
        if name.upper().endswith("CRS84"):
            return WGS_84
        if code := re.search(r"EPSG:[\d.]*:?(\d{4,6})$", name, re.IGNORECASE):
            return int(code[1])
    raise LayerFileInvalid(f"The coordinate system is not known: {name or crs}")


def _feature(feature: Any, layer: Layer) -> Feature:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise _Fault("not_a_feature", "a Feature with properties is expected")
    given = feature["properties"]
    properties = {
        ours: value
        for ours, theirs in PROPERTIES[layer].items()
        if (value := _first(given, theirs)) is not None
    }
    if (needed := NEEDED.get(layer)) and not isinstance(properties.get(needed), str):
        raise _Fault("property_missing", f"the property {needed!r} is missing")
    width = properties.get("width_m", 1)
    if isinstance(width, bool) or not isinstance(width, int | float) or not 0 < width < 200:
        raise _Fault("property_wrong", f"width_m is {width!r}; metres are expected")
    name = _first(given, NAMES) or properties.get(_NAMED_BY.get(layer, ""))
    if not isinstance(name, str):
        raise _Fault("property_missing", "the property 'name' is missing")
    return Feature(name.strip(), properties, _geometry(feature.get("geometry"), layer))


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
            raise _Fault("wrong_position", f"{position} is not a position of finite numbers")
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
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _label(feature: Any) -> str:
    given = feature.get("properties") if isinstance(feature, dict) else None
    name = _first(given, NAMES) if isinstance(given, dict) else None
    return f"{name}: " if isinstance(name, str) else ""
