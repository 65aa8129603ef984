"""Photos with every kind of EXIF that cameras, phones and editors write, by one table for all who read it.

`exif_cases.json` is a list of `{name, tags, claim, file?, byte_order?}`. `tags` overrides what a good phone
writes: a tag's name to `[type, value]`, or to null where it is missing. `claim` is what must be read.
"""

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from tests.support.pictures import encoded

TAGS = {
    "main": {"DateTime": 0x0132},
    "exif": {
        "DateTimeOriginal": 0x9003,
        "OffsetTime": 0x9010,
        "OffsetTimeOriginal": 0x9011,
        "MakerNote": 0x927C,
    },
    "gps": {
        "GPSVersionID": 0,
        "GPSLatitudeRef": 1,
        "GPSLatitude": 2,
        "GPSLongitudeRef": 3,
        "GPSLongitude": 4,
        "GPSAltitudeRef": 5,
        "GPSAltitude": 6,
        "GPSTimeStamp": 7,
        "GPSStatus": 9,
        "GPSMapDatum": 18,
        "GPSDateStamp": 29,
        "GPSHPositioningError": 31,
    },
}
TYPES = {
    "BYTE": (1, "B"),
    "ASCII": (2, "s"),
    "SHORT": (3, "H"),
    "LONG": (4, "I"),
    "RATIONAL": (5, "II"),
    "UNDEFINED": (7, "B"),
    "SRATIONAL": (10, "ii"),
    "FLOAT": (11, "f"),
    "DOUBLE": (12, "d"),
}
GOOD: dict[str, Any] = {
    "DateTime": ["ASCII", "2026:11:21 08:00:00"],
    "DateTimeOriginal": ["ASCII", "2026:11:20 19:32:07"],
    "OffsetTimeOriginal": ["ASCII", "+09:00"],
    "GPSVersionID": ["BYTE", [2, 3, 0, 0]],
    "GPSLatitudeRef": ["ASCII", "N"],
    "GPSLatitude": ["RATIONAL", [[35, 1], [44, 1], [817, 100]]],
    "GPSLongitudeRef": ["ASCII", "E"],
    "GPSLongitude": ["RATIONAL", [[139, 1], [39, 1], [590, 100]]],
}
EXIF_POINTER, GPS_POINTER = 0x8769, 0x8825


@dataclass(frozen=True)
class ExifCase:
    name: str
    file: bytes
    claim: dict[str, Any]


def exif_cases() -> list[ExifCase]:
    table = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return [ExifCase(each["name"], _photo(each), each["claim"]) for each in table]


def _photo(case: dict[str, Any]) -> bytes:
    tags = {name: value for name, value in (GOOD | case["tags"]).items() if value is not None}
    block = b"Exif\0\0" + _tiff(tags, case.get("byte_order", "<"))
    if "cut" in case:
        block = block[: case["cut"]]
    encoding = case.get("file", "JPEG")
    return encoded(Image.new("RGB", (64, 48), "gray"), encoding, exif=block)


def _tiff(tags: dict[str, Any], order: str) -> bytes:
    directories = {
        name: {number: tags[tag] for tag, number in known.items() if tag in tags}
        for name, known in TAGS.items()
    }
    main = directories["main"] | {EXIF_POINTER: ["LONG", [0]], GPS_POINTER: ["LONG", [0]]}
    begin = 8
    exif_at = begin + len(_directory(main, begin, order))
    gps_at = exif_at + len(_directory(directories["exif"], exif_at, order))
    main |= {EXIF_POINTER: ["LONG", [exif_at]], GPS_POINTER: ["LONG", [gps_at]]}
    mark = b"II" if order == "<" else b"MM"
    return (
        mark
        + struct.pack(order + "HI", 42, begin)
        + _directory(main, begin, order)
        + _directory(directories["exif"], exif_at, order)
        + _directory(directories["gps"], gps_at, order)
    )


def _directory(entries: dict[int, Any], at: int, order: str) -> bytes:
    written, values = struct.pack(order + "H", len(entries)), b""
    behind = at + 2 + 12 * len(entries) + 4
    for number, (kind, value) in sorted(entries.items()):
        code, letter = TYPES[kind]
        if kind == "ASCII":
            content = value.encode("latin-1") + b"\0"
            count = len(content)
        else:
            parts = [part if isinstance(part, list) else [part] for part in value]
            content = b"".join(struct.pack(order + letter, *part) for part in parts)
            count = len(parts)
        if len(content) > 4:
            where = struct.pack(order + "I", behind + len(values))
            values += content + b"\0" * (len(content) % 2)
        else:
            where = content.ljust(4, b"\0")
        written += struct.pack(order + "HHI", number, code, count) + where
    return written + struct.pack(order + "I", 0) + values
