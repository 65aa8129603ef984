"""Where and when was this picture taken, by its own EXIF? Only ever a suggestion to the reporter.

The phone's words are claims: anything impossible is dropped in silence, and nothing here is published.
"""

from datetime import datetime, tzinfo
from math import isfinite
from typing import Any

from PIL.ExifTags import GPS, IFD, Base
from PIL.Image import Exif

from nerirepo.clock import JST


def suggest(exif: Exif) -> dict[str, Any]:
    """`{"place": {"lat", "lon"} | None, "taken_at": "2026-11-23T14:05:09+09:00" | None}`. Never raises."""
    return {"place": _quietly(_place, exif), "taken_at": _quietly(_taken_at, exif)}


def _quietly(read: Any, exif: Exif) -> Any:
    try:
        return read(exif)
    except Exception:  # hostile tags fail in endless ways; a photo without a suggestion is still a photo
        return None


def _place(exif: Exif) -> dict[str, float] | None:
    gps = exif.get_ifd(IFD.GPSInfo)
    lat = _degrees(gps[GPS.GPSLatitude], _text(gps[GPS.GPSLatitudeRef]), "N", "S", 90)
    lon = _degrees(gps[GPS.GPSLongitude], _text(gps[GPS.GPSLongitudeRef]), "E", "W", 180)
    if lat is None or lon is None or (lat == 0 and lon == 0):  # 0,0 is what a phone without a fix writes
        return None
    return {"lat": lat, "lon": lon}


def _degrees(parts: Any, letter: str, positive: str, negative: str, limit: int) -> float | None:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not (isfinite(value) and 0 <= value <= limit and 0 <= minutes < 60 and 0 <= seconds < 60):
        return None
    if letter not in (positive, negative):
        return None
    return round(-value if letter == negative else value, 6)  # 0.1 m, finer than any phone


def _taken_at(exif: Exif) -> str | None:
    details = exif.get_ifd(IFD.Exif)
    written, offset = details.get(Base.DateTimeOriginal), details.get(Base.OffsetTimeOriginal)
    if not written:
        written, offset = exif.get(Base.DateTime), details.get(Base.OffsetTime)
    if not written:
        return None
    taken = datetime.strptime(_text(written), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  the offset is a tag of its own
    return taken.replace(tzinfo=_zone(offset)).isoformat()


def _zone(offset: Any) -> tzinfo:
    try:
        return datetime.strptime(_text(offset), "%z").tzinfo or JST
    except (AttributeError, ValueError):
        return JST  # cameras without the tag write wall-clock time, and ours stand in Japan


def _text(value: Any) -> str:
    return (value.decode("ascii") if isinstance(value, bytes) else value).strip("\0 ")
