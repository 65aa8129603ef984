"""A photo goes in as a camera wrote it; clean, upright renditions come out, and nothing of the person."""

from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from nerirepo.photos.outcome import Rejected, Rendered
from nerirepo.photos.render import render
from tests.support import pictures
from tests.support.breadth import breadth


def rendered(content: bytes, folder: Path) -> Rendered:
    original = folder / "original"
    original.write_bytes(content)
    outcome = render(original, folder)
    assert isinstance(outcome, Rendered), outcome
    return outcome


def picture_of(outcome: Rendered, name: str) -> Image.Image:
    (rendition,) = (each for each in outcome.renditions if each.name == name)
    return Image.open(BytesIO(rendition.path.read_bytes()))


def corners(picture: Image.Image) -> list[str]:
    """The nearest colour name of each corner, clockwise from the upper left."""
    width, height = picture.size
    inset_x, inset_y = width // 10, height // 10
    spots = [
        (inset_x, inset_y),
        (width - inset_x, inset_y),
        (width - inset_x, height - inset_y),
        (inset_x, height - inset_y),
    ]
    return [nearest(picture.convert("RGB").getpixel(spot)) for spot in spots]


def nearest(seen: tuple[int, ...]) -> str:
    known = pictures.CORNERS | {"white": (255, 255, 255), "black": (0, 0, 0)}
    return min(known, key=lambda name: sum((a - b) ** 2 for a, b in zip(known[name], seen, strict=True)))


UPRIGHT = ["red", "green", "blue", "yellow"]


def assert_nothing_of_the_person(outcome: Rendered) -> None:
    for rendition in outcome.renditions:
        content = rendition.path.read_bytes()
        assert not [canary for canary in pictures.CANARIES if canary in content], rendition.name
        if rendition.content_type == "image/webp":
            # One chunk and no more: EXIF, XMP and profiles need the extended form.
            assert content[12:16] == b"VP8 "
            assert 20 + int.from_bytes(content[16:20], "little") + (content[16] & 1) == len(content)
        else:
            assert {kind for kind, _ in Image.open(BytesIO(content)).applist} == {"APP0"}


def test_a_12_megapixel_camera_photo_becomes_four_renditions_that_are_what_they_say(tmp_path: Path) -> None:
    content = pictures.camera_jpeg()
    assert 3_000_000 < len(content) < 20_000_000
    assert all(canary in content for canary in (pictures.CANARY.encode(), pictures.MAKER_NOTE, b"2026:11:20"))

    outcome = rendered(content, tmp_path)

    assert (outcome.content_type, outcome.width, outcome.height) == ("image/jpeg", 4032, 3024)
    assert [(r.name, r.content_type, r.width, r.height) for r in outcome.renditions] == [
        ("large", "image/webp", 2048, 1536),
        ("medium", "image/webp", 1024, 768),
        ("small", "image/webp", 400, 300),
        ("mail", "image/jpeg", 640, 480),
    ]
    for rendition in outcome.renditions:
        stored = rendition.path.read_bytes()
        assert (rendition.bytes, rendition.sha256) == (len(stored), sha256(stored).hexdigest())
        assert Image.open(BytesIO(stored)).size == (rendition.width, rendition.height)
        assert corners(Image.open(BytesIO(stored))) == UPRIGHT
    assert_nothing_of_the_person(outcome)


@pytest.mark.parametrize("progressive", breadth(False, True))
def test_a_50_megapixel_photo_is_taken(tmp_path: Path, progressive: bool) -> None:
    outcome = rendered(pictures.camera_jpeg(8160, 6144, progressive=progressive), tmp_path)
    assert (outcome.width, outcome.height) == (8160, 6144)
    assert corners(picture_of(outcome, "large")) == UPRIGHT
    assert_nothing_of_the_person(outcome)


def test_the_camera_suggests_where_and_when_to_the_reporter(tmp_path: Path) -> None:
    suggestion = rendered(pictures.camera_jpeg(1200, 900), tmp_path).suggestion
    assert suggestion.place is not None
    assert (suggestion.place.lat, suggestion.place.lon) == pytest.approx(pictures.NERIMA, abs=1e-6)
    assert suggestion.taken_at == datetime.fromisoformat("2026-11-20T19:32:07+09:00")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(tmp_path: Path, orientation: int) -> None:
    outcome = rendered(pictures.lying_jpeg(orientation), tmp_path)
    assert (outcome.width, outcome.height) == (640, 480)
    for name in ("large", "medium", "small", "mail"):
        assert corners(picture_of(outcome, name)) == UPRIGHT
    assert_nothing_of_the_person(outcome)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_heic_photo_is_turned_once_and_not_twice(tmp_path: Path, orientation: int) -> None:
    outcome = rendered(pictures.lying_heic(orientation), tmp_path)
    assert (outcome.content_type, outcome.width, outcome.height) == ("image/heic", 640, 480)
    assert corners(picture_of(outcome, "large")) == UPRIGHT
    assert outcome.suggestion.place is not None
    assert_nothing_of_the_person(outcome)


@pytest.mark.parametrize(
    "make", [pictures.png_with_text, pictures.webp_with_xmp, pictures.heic, pictures.two_in_one_jpeg]
)
def test_text_chunks_packets_and_second_pictures_are_left_behind(tmp_path: Path, make) -> None:
    outcome = rendered(make(), tmp_path)
    assert corners(picture_of(outcome, "large")) == UPRIGHT
    assert outcome.suggestion.place is not None
    assert_nothing_of_the_person(outcome)


def test_a_small_picture_is_never_enlarged(tmp_path: Path) -> None:
    outcome = rendered(pictures.encoded(pictures.street(300, 200), "PNG"), tmp_path)
    assert {(r.width, r.height) for r in outcome.renditions} == {(300, 200)}


def test_a_long_strip_keeps_its_shape_down_to_one_pixel(tmp_path: Path) -> None:
    outcome = rendered(pictures.encoded(pictures.street(16_000, 16), "JPEG"), tmp_path)
    assert [(r.width, r.height) for r in outcome.renditions] == [(2048, 2), (1024, 1), (400, 1), (640, 1)]


def test_of_a_moving_picture_the_first_frame_is_taken(tmp_path: Path) -> None:
    assert corners(picture_of(rendered(pictures.moving_webp(), tmp_path), "large")) == UPRIGHT


def test_printers_colours_become_screen_colours(tmp_path: Path) -> None:
    content = pictures.encoded(pictures.street().convert("CMYK"), "JPEG", quality=90)
    assert corners(picture_of(rendered(content, tmp_path), "mail")) == UPRIGHT


def test_a_colour_profile_is_followed_and_dropped(tmp_path: Path) -> None:
    content = pictures.encoded(pictures.street(), "JPEG", icc_profile=pictures.swapping_profile())
    outcome = rendered(content, tmp_path)
    assert corners(picture_of(outcome, "large"))[:2] == ["green", "red"]
    assert_nothing_of_the_person(outcome)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_profile_that_is_broken_or_for_other_pixels_spoils_nothing(tmp_path: Path, mode: str) -> None:
    street = pictures.street()
    for profile in (b"not a profile", pictures.swapping_profile()):
        if mode == "RGB" and profile != b"not a profile":
            continue
        outcome = rendered(pictures.encoded(street.convert(mode), "JPEG", icc_profile=profile), tmp_path)
        if mode != "L":
            assert corners(picture_of(outcome, "large")) == UPRIGHT


def test_sixteen_bit_grey_stays_grey_and_is_not_clipped_to_white(tmp_path: Path) -> None:
    content = pictures.encoded(Image.new("I;16", (3000, 100), 0x8000), "PNG")
    seen = picture_of(rendered(content, tmp_path), "large").convert("L").getpixel((50, 3))
    assert abs(seen - 0x80) <= 3


def test_what_is_transparent_becomes_white_also_through_a_palette(tmp_path: Path) -> None:
    clear = pictures.street(640, 480, noise=0).convert("RGBA")
    clear.paste((0, 0, 0, 0), (0, 0, 160, 120))
    seen = ["white", "green", "blue", "yellow"]
    for content in (
        pictures.encoded(clear, "PNG"),
        pictures.encoded(clear, "WEBP", lossless=True),
        pictures.encoded(clear.quantize(32, Image.Quantize.FASTOCTREE), "PNG"),
    ):
        assert corners(picture_of(rendered(content, tmp_path), "large")) == seen


def test_a_photo_with_something_hidden_behind_it_loses_just_that(tmp_path: Path) -> None:
    outcome = rendered(pictures.jpeg_and_zip(), tmp_path)
    assert corners(picture_of(outcome, "large")) == UPRIGHT
    assert not [r for r in outcome.renditions if b"PK\x03\x04" in r.path.read_bytes()]


def test_a_photo_whose_exif_is_rubbish_is_still_a_photo(tmp_path: Path) -> None:
    content = pictures.encoded(
        pictures.street(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 50
    )
    outcome = rendered(content, tmp_path)
    assert corners(picture_of(outcome, "large")) == UPRIGHT
    assert outcome.suggestion.place is outcome.suggestion.taken_at is None


def test_the_same_original_gives_the_same_renditions_again(tmp_path: Path) -> None:
    content = pictures.camera_jpeg(1200, 900)
    assert rendered(content, tmp_path) == rendered(content, tmp_path)
    assert not isinstance(rendered(content, tmp_path), Rejected)
