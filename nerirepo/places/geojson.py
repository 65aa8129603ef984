"""What stands in a GeoJSON file? Its features as they are, and in which coordinates."""

import codecs
import json
import re
import reprlib
from typing import Any, Never

from nerirepo.places.collection import Collection, LayerFileInvalid

WGS_84 = 4326


def read(content: bytes) -> Collection:
    """The features of a FeatureCollection, unchecked. Raises `LayerFileInvalid`."""
    collection = _parsed(content)
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise LayerFileInvalid("A GeoJSON FeatureCollection is expected.")
    found = collection.get("features")
    if not isinstance(found, list):
        raise LayerFileInvalid("The file holds no features.")
    return Collection(
        _crs(collection.get("crs")), found, is_approximate=collection.get("approximate") is True
    )


def _parsed(content: bytes) -> Any:
    def refuse_constant(name: str) -> Never:
        raise LayerFileInvalid(f"{name} is not a number that JSON knows.")

    if content.lstrip()[:1] == b"<":
        raise LayerFileInvalid("This is XML (GML, KML?); convert it to a GeoPackage: ogr2ogr layer.gpkg FILE")
    try:
        return json.loads(_words(content), parse_constant=refuse_constant)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise LayerFileInvalid(f"This is not JSON in UTF-8: {error}") from error


def _words(content: bytes) -> str:
    """JSON is UTF-8; programs of Windows write UTF-16 with its mark, or CP932."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            return content.decode("cp932")
        except UnicodeDecodeError:
            raise error from None


def _crs(crs: Any) -> int:
    """The EPSG number of the `crs` member that GeoJSON had until 2016 and many programs still write."""
    if crs is None:
        return WGS_84
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str):
        if name.upper().endswith("CRS84"):
            return WGS_84
        if code := re.search(r"EPSG:(?:[\d.]*:)?(\d{4,6})$", name, re.IGNORECASE):
            return int(code[1])
    raise LayerFileInvalid(f"The coordinate system is not known: {reprlib.repr(name or crs)}")
