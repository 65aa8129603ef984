"""Well-known binary, as GDAL hands out geometry, into GeoJSON's lists."""

import struct
from typing import Any

_KINDS = {
    1: "Point",
    2: "LineString",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
}


def geometry(wkb: bytes | None) -> dict[str, Any] | None:
    """{type, coordinates}, two numbers a position; other kinds by their number and without coordinates."""
    if wkb is None:
        return None
    kind, coordinates, _ = _read(wkb, 0)
    return {"type": kind, "coordinates": coordinates}


def _read(wkb: bytes, at: int) -> tuple[str, list[Any], int]:
    order = "<" if wkb[at] else ">"
    (number,) = struct.unpack_from(f"{order}I", wkb, at + 1)
    at += 5
    kind = _KINDS.get(number)
    if kind is None:
        return f"kind {number}", [], len(wkb)
    if kind == "Point":
        return kind, list(struct.unpack_from(f"{order}2d", wkb, at)), at + 16
    if kind == "LineString":
        line, at = _line(wkb, at, order)
        return kind, line, at
    (count,) = struct.unpack_from(f"{order}I", wkb, at)
    at += 4
    members: list[Any] = []
    for _ in range(count):
        if kind == "Polygon":
            member, at = _line(wkb, at, order)
        else:
            _, member, at = _read(wkb, at)
        members.append(member)
    return kind, members, at


def _line(wkb: bytes, at: int, order: str) -> tuple[list[list[float]], int]:
    (count,) = struct.unpack_from(f"{order}I", wkb, at)
    end = at + 4 + 16 * count
    return [list(each) for each in struct.iter_unpack(f"{order}2d", wkb[at + 4 : end])], end
