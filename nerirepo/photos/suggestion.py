"""Where and when was this picture taken, by its own EXIF? Only ever a suggestion to the reporter.

The phone's words are claims: anything impossible is dropped in silence, and nothing here is published. The
browser decides alike before it sends (`web_public/program/posting/exif.ts`), by the same table of cases.
"""

import re
import warnings
from datetime import datetime, timedelta, timezone
from typing import Any

from PIL.ExifTags import GPS, IFD, Base
from PIL.Image import Exif

from nerirepo.words.fields import LARGEST_RADIUS

DATUMS = frozenset({"", "WGS84", "JGD2000", "JGD2011", "JGD2024"})
"""Of which a phone's place differs by less than its own error. Tokyo's old one is off by 450 m."""
_VOID = "V"
"""GPSStatus of a receiver that had lost its satellites."""
_MOMENT = re.compile(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", re.ASCII)
_OFFSET = re.compile(r"([+-])(0\d|1[0-4]):([0-5]\d)", re.ASCII)
_JAPAN = "+09:00"
"""Cameras without the tag write wall-clock time, and ours stand in Japan."""


def suggest(exif: Exif) -> dict[str, Any]:
    """`{"place": {"lat", "lon", "accuracy_m": 8.0 | None} | None, "taken_at":
    "2026-11-23T14:05:09+09:00" | None}`. `accuracy_m`: by how much the camera itself says that it may be
    wrong, in metres. Never raises.
    """
    with warnings.catch_warnings(action="ignore"):  # of tags that are cut short or say more than they should
        return {"place": _quietly(_place, exif), "taken_at": _quietly(_taken_at, exif)}


def _quietly(read: Any, *given: Any) -> Any:
    try:
        return read(*given)
    except Exception:  # hostile tags fail in endless ways; a photo without a suggestion is still a photo
        return None


def _place(exif: Exif) -> dict[str, float | None] | None:
    gps = exif.get_ifd(IFD.GPSInfo)
    lat = _degrees(gps[GPS.GPSLatitude], _text(gps[GPS.GPSLatitudeRef]), "N", "S", 90)
    lon = _degrees(gps[GPS.GPSLongitude], _text(gps[GPS.GPSLongitudeRef]), "E", "W", 180)
    if lat is None or lon is None or (lat == 0 and lon == 0):  # 0,0 is what a phone without a fix writes
        return None
    datum = re.sub(r"[\s_-]", "", _text(gps.get(GPS.GPSMapDatum)).upper())
    if _text(gps.get(GPS.GPSStatus)).upper() == _VOID or datum not in DATUMS:
        return None
    return {"lat": lat, "lon": lon, "accuracy_m": _quietly(_radius, gps.get(GPS.GPSHPositioningError))}


def _degrees(parts: Any, letter: str, positive: str, negative: str, limit: int) -> float | None:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not (0 <= value <= limit and 0 <= minutes < 60 and 0 <= seconds < 60):  # nor is it NaN
        return None
    if letter.upper() not in (positive, negative):
        return None
    return round(-value if letter.upper() == negative else value, 6)  # 0.1 m, finer than any phone


def _radius(claimed: Any) -> float | None:
    radius = float(claimed)
    return radius if 0 <= radius <= LARGEST_RADIUS else None


def _taken_at(exif: Exif) -> str | None:
    details = exif.get_ifd(IFD.Exif)
    written, offset = details.get(Base.DateTimeOriginal), details.get(Base.OffsetTimeOriginal)
    if not _text(written):
        written, offset = exif.get(Base.DateTime), details.get(Base.OffsetTime)
    if not _MOMENT.fullmatch(_text(written)):
        return None
    taken = datetime.strptime(_text(written), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  the offset is a tag of its own
    return taken.replace(tzinfo=_zone(_text(offset))).isoformat()


def _zone(offset: str) -> timezone:
    said = _OFFSET.fullmatch(offset) or _OFFSET.fullmatch(_JAPAN)
    assert said
    sign, hours, minutes = said.groups()
    east = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-east if sign == "-" else east)


def _text(value: Any) -> str:
    """Up to its first NUL, without blanks; "" where it is none."""
    letters = value.decode("latin-1") if isinstance(value, bytes) else value
    return letters.split("\0")[0].strip() if isinstance(letters, str) else ""
