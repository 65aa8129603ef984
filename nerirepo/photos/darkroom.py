# pyright: basic
# Pillow's colour profiles and pillow-heif have no types.
"""How does a hostile file become clean pictures? Decoded, put upright, on white, in sRGB, and encoded anew.

Runs only in the bounded child process (`render_child`); importing it loads the decoders.
"""

import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image, ImageChops, ImageCms, ImageFile
from PIL import JpegImagePlugin as _jpeg  # noqa: F401  imported, it need not be searched for
from PIL import PngImagePlugin as _png  # noqa: F401
from PIL import WebPImagePlugin as _webp  # noqa: F401
from PIL.ExifTags import Base
from PIL.Image import Resampling, Transpose

from nerirepo.photos.formats import max_pixels, size_problem
from nerirepo.photos.renditions import KINDS, LARGEST, Kind
from nerirepo.photos.suggestion import suggest

_OPENERS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
}

_TURNS = {  # EXIF orientation -> what puts the picture upright
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
_LYING_ON_ITS_SIDE = (5, 6, 7, 8)

_JPEG_ENDS = b"\xff\xd9"
LEAST_SEEN = 0.1
"""Share of a damaged picture. With less nobody can see what is broken."""

_SRGB = ImageCms.createProfile("sRGB")

warnings.simplefilter("ignore")  # Pillow's about odd files, and about half of what we allow: see _decode

# The thumbnail inside a HEIC may show something else than its picture (before an edit or a crop), and Pillow
# would decode it instead. One thread, since each costs address space, which is bounded.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


class Refused(Exception):
    """This picture cannot be had; `args` are a stable code and a detail for the log."""


def develop(original: Path, content_type: str, into: Path) -> dict[str, Any]:
    """Writes every rendition into the folder `into`.

    Returns `{width, height, renditions: [{name, width, height}], suggestion, is_incomplete}`, width and
    height being those of the upright original. What is cut off or broken inside is shown as far as it goes.
    Raises Refused or MemoryError for what the file itself is guilty of, and anything else (a disk that fails)
    for what it is not.
    """
    file = BytesIO(original.read_bytes())  # at most MOST_BYTES; from here on no fault is the disk's
    try:
        picture, (width, height), suggestion, is_incomplete = _whole_or_in_part(file, content_type)
    except (MemoryError, Refused):
        raise
    except Image.DecompressionBombError as bomb:
        raise Refused("photo_too_many_pixels", str(bomb)) from bomb
    except Exception as fault:  # decoders of hostile files fail in every way there is
        raise Refused("photo_damaged", f"{type(fault).__name__}: {fault}") from fault
    renditions = [_encode(picture, kind, into) for kind in KINDS]
    return {
        "width": width,
        "height": height,
        "renditions": renditions,
        "suggestion": suggestion,
        "is_incomplete": is_incomplete,
    }


def _whole_or_in_part(
    file: BytesIO, content_type: str
) -> tuple[Image.Image, tuple[int, int], dict[str, Any], bool]:
    """As `_decode`, and whether some of the picture is missing."""
    try:
        return *_decode(file, content_type), False
    except (MemoryError, Refused, Image.DecompressionBombError):
        raise
    except Exception as fault:
        whole_fault = fault
    # Only for this second look: the first says for certain that a photo is whole.
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    # A progressive JPEG is decoded at its end only, so it is given one.
    rest = BytesIO(file.getvalue() + (_JPEG_ENDS if content_type == "image/jpeg" else b""))
    decoded = _decode(rest, content_type)
    if _share_seen(decoded[0]) < LEAST_SEEN:
        raise whole_fault
    return *decoded, True


def _share_seen(picture: Image.Image) -> float:
    """Which share of it has come, from any side: what has not is of one colour, that of the last corner."""
    shares = []
    right, bottom = picture.width - 1, picture.height - 1
    for corner in ((0, 0), (right, 0), (0, bottom), (right, bottom)):
        colour = picture.getpixel(corner)
        box = ImageChops.difference(picture, Image.new(picture.mode, picture.size, colour)).getbbox()
        seen = (box[2] - box[0]) * (box[3] - box[1]) if box else 0
        shares.append(seen / (picture.width * picture.height))
    return min(shares)


def _decode(file: BytesIO, content_type: str) -> tuple[Image.Image, tuple[int, int], dict[str, Any]]:
    """The upright picture in sRGB, shrunk to LARGEST; the upright size of the original; the suggestion."""
    # Pillow raises only above twice its limit. With half of ours it raises exactly at ours, and for WebP
    # before the canvas is allocated.
    Image.MAX_IMAGE_PIXELS = max_pixels(content_type) // 2
    with Image.open(file, formats=[_OPENERS[content_type]]) as image:
        width, height = image.size
        if problem := size_problem(content_type, width, height):
            raise Refused(problem, f"{width} x {height}")
        image.draft(None, (LARGEST, LARGEST))  # a JPEG is decoded straight to a half, a quarter or an eighth
        image.load()
        exif, profile = _exif(image), image.info.get("icc_profile")
        picture = _smoothly_shrinkable(image)
    _shrink(picture, LARGEST)
    orientation = exif.get(Base.Orientation)
    if orientation in _TURNS:  # after shrinking, where it costs a tenth and gives the same
        picture = picture.transpose(_TURNS[orientation])
    if orientation in _LYING_ON_ITS_SIDE:
        width, height = height, width
    return _pixels_only(_in_srgb(_on_white(picture), profile)), (width, height), suggest(exif)


def _exif(image: ImageFile.ImageFile) -> Image.Exif:
    try:
        return image.getexif()
    except Exception:  # a camera that writes broken EXIF still took a picture
        return Image.Exif()


def _smoothly_shrinkable(image: Image.Image) -> Image.Image:
    """In a mode whose pixels can be averaged. 16-bit grey is scaled: `convert` would make it white."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _shrink(picture: Image.Image, side: int) -> None:
    picture.thumbnail((side, side), Resampling.LANCZOS, reducing_gap=3.0)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours that the camera's profile means, for screens that are told nothing."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB") or picture
        except (ImageCms.PyCMSError, OSError):
            pass  # broken, or a profile for another kind of pixels: read as sRGB, as browsers do
    return picture.convert("RGB")


def _pixels_only(picture: Image.Image) -> Image.Image:
    """A new image: Pillow's encoders write a comment or a profile that still hangs on the old one."""
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    return clean


def _encode(picture: Image.Image, kind: Kind, into: Path) -> dict[str, Any]:
    rendition = picture.copy()
    _shrink(rendition, kind.longest_side)
    encoder = kind.content_type.removeprefix("image/")
    rendition.save(into / kind.file, encoder, quality=kind.quality, optimize=True)
    return {"name": kind.name, "width": rendition.width, "height": rendition.height}
