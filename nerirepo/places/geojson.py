# pyright: basic
# A file of a stranger may hold anything.
"""What stands in a GeoJSON file? Its features as they are, and in which coordinates."""

import codecs
import json
import re
import reprlib
from contextlib import suppress
from typing import Any, Never

from nerirepo.places import japanese
from nerirepo.places.collection import Collection, Hints, LayerFileInvalid

WGS_84 = 4326
RECORD = "\x1e"
"""Stands before each text of a sequence (RFC 7464, RFC 8142)."""


def read(content: bytes, hints: Hints) -> Collection:
    """The features of a FeatureCollection, or of one Feature a line, unchecked. Raises `LayerFileInvalid`."""
    collection = _parsed(content)
    kind = collection.get("type") if isinstance(collection, dict) else None
    if kind == "Feature":
        collection = {"features": [collection]}
    elif kind != "FeatureCollection":
        raise LayerFileInvalid(
            "A GeoJSON FeatureCollection is expected; a program writes one: ogr2ogr layer.geojson FILE"
        )
    found = collection.get("features")
    if not isinstance(found, list):
        raise LayerFileInvalid("The file holds no features.")
    crs = _crs(collection.get("crs"), hints.crs)
    return Collection(crs, found, is_approximate=collection.get("approximate") is True)


def _parsed(content: bytes) -> Any:
    if content.lstrip()[:1] == b"<":
        raise LayerFileInvalid("This is XML (GML, KML?); convert it to a GeoPackage: ogr2ogr layer.gpkg FILE")
    try:
        words = _words(content)
        try:
            return _read(words)
        except json.JSONDecodeError as error:
            if error.msg != "Extra data" and not words.startswith(RECORD):
                raise
        features = [_read(line) for each in words.split("\n") if (line := each.strip(f"{RECORD} \t\r"))]
        return {"type": "FeatureCollection", "features": features}
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise LayerFileInvalid(f"This is not JSON in UTF-8: {error}") from error


def _read(words: str) -> Any:
    def refuse_constant(name: str) -> Never:
        raise LayerFileInvalid(f"{name} is not a number that JSON knows.")

    return json.loads(words, parse_constant=refuse_constant, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two members of one name each program would take another."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise LayerFileInvalid(f"The name {reprlib.repr(twice)} stands twice in one object: leave one out.")
    return found


def _words(content: bytes) -> str:
    """JSON is UTF-8; programs of Windows write UTF-16 with its mark, CP932 or EUC-JP."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if japanese.is_damaged_utf_8(content):
            before = content[: error.start].decode("utf-8-sig", "replace")[-20:]
            raise LayerFileInvalid(
                f"A letter is damaged at byte {error.start}, after {before!r}: repair or shorten that value."
            ) from error
        for encoding in japanese.likely(content)[1:]:
            with suppress(UnicodeDecodeError):
                return content.decode(encoding)
        raise


def _crs(crs: Any, said: int | None) -> int:
    """The EPSG number of the `crs` member that GeoJSON had until 2016 and many programs still write."""
    if crs is None:
        return said or WGS_84
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str):
        if name.upper().endswith("CRS84"):
            return WGS_84
        if code := re.search(r"EPSG:(?:[\d.]*:)?(\d{4,6})$", name, re.IGNORECASE):
            return int(code[1])
    raise LayerFileInvalid(f"The coordinate system is not known: {reprlib.repr(name or crs)}")
