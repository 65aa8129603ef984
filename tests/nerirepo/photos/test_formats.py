"""The announced type is a courtesy, the first bytes are the truth."""

import pytest

from nerirepo.photos.formats import MAX_SIDE, allowed_content_type, size_problem, sniff
from tests.support import pictures


@pytest.mark.parametrize(
    ("announced", "canonical"),
    [
        ("image/jpeg", "image/jpeg"),
        ("IMAGE/JPG; charset=binary", "image/jpeg"),
        ("image/heif", "image/heif"),
        ("image/gif", None),
        ("image/svg+xml", None),
        ("image/avif", None),
        ("application/octet-stream", None),
        ("", None),
    ],
)
def test_a_type_is_announced_in_many_spellings(announced: str, canonical: str | None) -> None:
    assert allowed_content_type(announced) == canonical


def test_the_first_bytes_tell_what_it_is() -> None:
    assert sniff(pictures.lying_jpeg(1)[:64]) == "image/jpeg"
    assert sniff(pictures.png_header_only(1, 1)[:64]) == "image/png"
    assert sniff(pictures.webp_with_xmp()[:64]) == "image/webp"
    assert sniff(pictures.heic(64, 64)[:64]) == "image/heic"
    assert sniff(b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicmiaf") == "image/heif"
    assert sniff(b"\0\0\0\x14ftypmif1\0\0\0\0mif1heic") is None  # the brand stands behind the box
    assert sniff(b"") is None


@pytest.mark.parametrize("content_type", ["image/jpeg", "image/png", "image/webp", "image/heic"])
def test_fifty_megapixels_and_a_panorama_are_welcome_and_a_strip_is_not(content_type: str) -> None:
    assert size_problem(content_type, 8160, 6144) is None
    assert size_problem(content_type, 16_382, 3_900) is None
    assert size_problem(content_type, 65_500, 20) == "photo_too_many_pixels"
    assert size_problem(content_type, MAX_SIDE, MAX_SIDE) == "photo_too_many_pixels"
    assert size_problem(content_type, 15, 4000) == "photo_too_small"


def test_only_a_jpeg_may_be_as_large_as_the_largest_sensor() -> None:
    assert size_problem("image/jpeg", 12_000, 9_000) is None
    assert size_problem("image/png", 12_000, 9_000) == "photo_too_many_pixels"
