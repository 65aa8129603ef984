"""What a camera claims of place and time is suggested where it is possible, and dropped where it is not."""

import math
from typing import Any

import pytest
from PIL.ExifTags import IFD, Base
from PIL.Image import Exif

from nerirepo.photos.suggestion import suggest
from tests.pictures import NERIMA, camera_exif


def place(**gps: Any) -> dict[str, float] | None:
    return suggest(camera_exif(**gps))["place"]


def test_degrees_minutes_and_seconds_become_degrees() -> None:
    assert place() == pytest.approx({"lat": NERIMA[0], "lon": NERIMA[1]}, abs=1e-6)
    assert place(place=(-33.5, -70.25)) == {"lat": -33.5, "lon": -70.25}


@pytest.mark.parametrize(
    "wrong",
    [
        {"GPSLatitude": (91.0, 0.0, 0.0)},
        {"GPSLatitude": (35.0, 60.0, 0.0)},
        {"GPSLatitude": (math.nan, 0.0, 0.0)},
        {"GPSLatitude": (math.inf, 0.0, 0.0)},
        {"GPSLatitude": (35.0, 44.0)},
        {"GPSLatitude": ()},
        {"GPSLatitude": 35.7},
        {"GPSLatitude": "35"},
        {"GPSLatitude": None},
        {"GPSLatitudeRef": "X"},
        {"GPSLatitudeRef": ""},
        {"GPSLatitudeRef": 7},
        {"GPSLongitude": (180.0, 0.0, 1.0)},
        {"GPSLongitude": (-139.0, 39.0, 0.0)},
    ],
)
def test_an_impossible_place_is_no_place(wrong: dict[str, Any]) -> None:
    assert place(**wrong) is None


def test_a_phone_without_a_fix_writes_zeros_and_suggests_nothing() -> None:
    assert place(place=(0.0, 0.0)) is None
    assert suggest(Exif()) == {"place": None, "taken_at": None}


@pytest.mark.parametrize(
    ("taken", "offset", "expected"),
    [
        ("2026:11:20 19:32:07", None, "2026-11-20T19:32:07+09:00"),
        ("2026:11:20 19:32:07", "+00:00", "2026-11-20T19:32:07+00:00"),
        ("2026:11:20 19:32:07", "-08:00", "2026-11-20T19:32:07-08:00"),
        ("2026:11:20 19:32:07", "rubbish", "2026-11-20T19:32:07+09:00"),
        ("2026:11:20 19:32:07\0", "+09:00\0", "2026-11-20T19:32:07+09:00"),
        ("0000:00:00 00:00:00", None, None),
        ("2026:13:45 19:32:07", None, None),
        ("    :  :     :  :  ", None, None),
        ("yesterday", None, None),
        (None, "+09:00", None),
    ],
)
def test_the_moment_is_japans_unless_the_camera_says_another_offset(
    taken: str | None, offset: str | None, expected: str | None
) -> None:
    assert suggest(camera_exif(taken=taken, offset=offset))["taken_at"] == expected


def test_without_the_moment_of_the_shutter_the_files_own_date_is_taken() -> None:
    exif = camera_exif(offset=None)
    del exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal]
    assert suggest(exif)["taken_at"] == "2026-11-20T19:32:07+09:00"
