"""Which pictures do we take? The allowed types and the limits of size; pure, so that every door asks here.

A ward may take less: `nerirepo/catalogue/offered.py`.
"""

from nerirepo.catalogue.most import PHOTO_TYPES

MAX_PIXELS_OF_JPEG = 120_000_000
"""The largest common sensor mode below 20 MB is 108 MP (12,000 x 9,000). A JPEG is shrunk while it is
decoded: this many cost 100 MB of memory, 500 MB when progressive."""

MAX_PIXELS_OF_OTHERS = 70_000_000
"""These are decoded whole, a WebP at sixteen bytes a pixel. Phones write 50 MP, and panoramas of 64 MP."""

MAX_SIDE = 20_000
"""Phone panoramas reach 16,400 px; anything longer is a strip that was made to hurt."""

MIN_SIDE = 16
"""Below this it is a tracking pixel or an icon, and nobody could see what is broken."""

SNIFFED_BYTES = 64
"""How many first bytes `sniff` wants to see."""

_ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg"}
_STILL_HEVC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
_SEQUENCE_HEVC_BRANDS = {b"hevc", b"hevx", b"hevm", b"hevs"}


def allowed_content_type(announced: str) -> str | None:
    """The canonical type for an announced one (`image/JPG; q=1` -> `image/jpeg`), or None."""
    essence = announced.partition(";")[0].strip().lower()
    essence = _ALIASES.get(essence, essence)
    return essence if essence in PHOTO_TYPES else None


def sniff(first_bytes: bytes) -> str | None:
    """The content type that the first bytes prove, None when it is nothing we take.

    Phones announce wrong types in good faith (a HEIC that was turned into JPEG on the way out of an album
    keeps its old name), so this and not the announced type decides what is decoded.
    """
    if first_bytes.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if first_bytes.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if first_bytes.startswith(b"RIFF") and first_bytes[8:12] == b"WEBP":
        return "image/webp"
    if first_bytes[4:8] == b"ftyp":
        return _sniff_heif(first_bytes)
    return None


def _sniff_heif(first_bytes: bytes) -> str | None:
    """`mif1` alone says only "some picture": without an HEVC brand beside it, it may be AVIF or a video."""
    box = first_bytes[: int.from_bytes(first_bytes[:4], "big")]
    major, compatible = box[8:12], {box[at : at + 4] for at in range(16, len(box) - 3, 4)}
    brands = {major} | compatible
    if major in _STILL_HEVC_BRANDS:
        return "image/heic"
    if major in {b"mif1", b"msf1"} | _SEQUENCE_HEVC_BRANDS and brands & (
        _STILL_HEVC_BRANDS | _SEQUENCE_HEVC_BRANDS
    ):
        return "image/heif"
    return None


def max_pixels(content_type: str) -> int:
    return MAX_PIXELS_OF_JPEG if content_type == "image/jpeg" else MAX_PIXELS_OF_OTHERS


def size_problem(content_type: str, width: int, height: int) -> str | None:
    """The code of what is wrong with these header dimensions (pixels), None when they may be decoded."""
    if max(width, height) > MAX_SIDE or width * height > max_pixels(content_type):
        return "photo_too_many_pixels"
    if min(width, height) < MIN_SIDE:
        return "photo_too_small"
    return None
