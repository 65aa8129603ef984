"""What a camera claims of place and time is suggested where it is possible, and dropped where it is not."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import IFD
from PIL.Image import Exif

from nerirepo.photos.suggestion import suggest
from tests.support.exif_cases import ExifCase, exif_cases


@pytest.mark.filterwarnings("ignore:Truncated File Read")
@pytest.mark.parametrize("case", exif_cases(), ids=lambda case: case.name)
def test_the_service_reads_each_photo_as_the_table_says(case: ExifCase) -> None:
    assert suggest(Image.open(BytesIO(case.file)).getexif()) == case.claim


def test_a_photo_without_any_suggests_nothing() -> None:
    assert suggest(Exif()) == {"place": None, "taken_at": None}


@pytest.mark.parametrize("wrong", [35.7, None, (), ("35", None, 0), "35"])
def test_whatever_a_reader_makes_of_a_tag_is_no_fault(wrong: Any) -> None:
    exif = Exif()
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: wrong, 3: "E", 4: (139.0, 39.0, 0.0)})
    assert suggest(exif)["place"] is None
