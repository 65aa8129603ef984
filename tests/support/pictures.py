"""Pictures for tests, made on the fly: camera-size photos with real EXIF, and files that mean harm.

Every factory returns the bytes of a file. The canaries stand for a person's data in the metadata: no
rendition may contain one of them.
"""

import struct
import zipfile
import zlib
from io import BytesIO
from random import Random
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base

pillow_heif.register_heif_opener()

CANARY = "KANARI-Nerima-Hanako-0312345678"
MAKER_NOTE = b"MAKERNOTE-KANARI-serial-8F3A\0" * 200
CANARIES = (CANARY.encode(), b"KANARI", b"2026:11:20", b"Exif", b"http://ns.adobe.com/xap", b"ICC_PROFILE")

NERIMA = (35.735603, 139.651640)
CORNERS = {"red": (220, 20, 20), "green": (20, 180, 20), "blue": (20, 20, 220), "yellow": (230, 220, 20)}


def street(width: int = 1200, height: int = 900, noise: int = 12) -> Image.Image:
    """A gradient with sensor noise, so that it weighs what a photo weighs; its corners, clockwise from the
    upper left, are red, green, blue and yellow."""
    gradient = Image.merge(
        "RGB",
        [
            Image.linear_gradient("L").resize((width, height)),
            Image.linear_gradient("L").rotate(90).resize((width, height)),
            Image.radial_gradient("L").resize((width, height)),
        ],
    )
    if noise:
        side = 512
        grain = Image.frombytes("RGB", (side, side), Random(7).randbytes(side * side * 3))
        tiled = Image.new("RGB", (width, height))
        for left in range(0, width, side):
            for top in range(0, height, side):
                tiled.paste(grain, (left, top))
        gradient = Image.blend(gradient, tiled, noise / 100)
    draw = ImageDraw.Draw(gradient)
    w, h = max(1, width // 4), max(1, height // 4)
    for colour, (x, y) in zip(
        CORNERS.values(), [(0, 0), (width - w, 0), (width - w, height - h), (0, height - h)], strict=True
    ):
        draw.rectangle((x, y, x + w, y + h), fill=colour)
    return gradient


def camera_exif(
    orientation: int = 1,
    place: tuple[float, float] | None = NERIMA,
    taken: str | None = "2026:11:20 19:32:07",
    offset: str | None = "+09:00",
    **gps: Any,
) -> Image.Exif:
    """What a phone writes: maker, owner, maker note, place, time. `gps` overrides single GPS tags by name."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model], exif[Base.Artist] = "Kamera", "X-1", CANARY
    exif[Base.Orientation] = orientation
    details = exif.get_ifd(IFD.Exif)
    details[Base.MakerNote], details[Base.UserComment] = MAKER_NOTE, b"ASCII\0\0\0" + CANARY.encode()
    if taken:
        exif[Base.DateTime] = details[Base.DateTimeOriginal] = taken
    if offset:
        details[Base.OffsetTimeOriginal] = offset
    if place:
        lat, lon = place
        tags = {
            "GPSLatitudeRef": "N" if lat >= 0 else "S",
            "GPSLatitude": _sexagesimal(abs(lat)),
            "GPSLongitudeRef": "E" if lon >= 0 else "W",
            "GPSLongitude": _sexagesimal(abs(lon)),
            "GPSDateStamp": "2026:11:20",
        } | gps
        exif.get_ifd(IFD.GPSInfo).update({GPS[name]: value for name, value in tags.items()})
    return exif


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = (degrees % 1) * 60
    return float(int(degrees)), float(int(minutes)), round((minutes % 1) * 60, 4)


def with_thumbnail(exif: bytes, thumbnail: bytes) -> bytes:
    """The same EXIF block with a JPEG thumbnail in its second directory, as cameras write it."""
    tiff = bytearray(exif.removeprefix(b"Exif\0\0"))
    order = "<" if tiff[:2] == b"II" else ">"
    first = struct.unpack_from(order + "I", tiff, 4)[0]
    entries = struct.unpack_from(order + "H", tiff, first)[0]
    tiff += b"\0" * (len(tiff) % 2)
    second = len(tiff)
    struct.pack_into(order + "I", tiff, first + 2 + 12 * entries, second)
    tiff += struct.pack(order + "H", 3)
    tiff += struct.pack(order + "HHIHH", 0x0103, 3, 1, 6, 0)
    tiff += struct.pack(order + "HHII", 0x0201, 4, 1, second + 2 + 3 * 12 + 4)
    tiff += struct.pack(order + "HHII", 0x0202, 4, 1, len(thumbnail))
    tiff += struct.pack(order + "I", 0) + thumbnail
    return b"Exif\0\0" + bytes(tiff)


def camera_jpeg(
    width: int = 4032, height: int = 3024, noise: int = 20, exif: Image.Exif | None = None, **options: Any
) -> bytes:
    """A photo as a phone writes it: 12 MP unless told; EXIF with place, maker note, thumbnail."""
    picture = street(width, height, noise)
    small = picture.resize((160, 120))
    ImageDraw.Draw(small).text((2, 2), "thumbnail")
    block = with_thumbnail((exif or camera_exif()).tobytes(), encoded(small, "JPEG", comment=CANARY))
    return encoded(
        picture, "JPEG", **{"quality": 90, "exif": block, "comment": CANARY, "xmp": xmp()} | options
    )


def lying(orientation: int) -> Image.Image:
    """The picture of `street`, 640 x 480, turned or mirrored so that this EXIF orientation rights it."""
    stored = street(640, 480, noise=0)
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return stored.transpose(undo[orientation]) if orientation in undo else stored


def lying_jpeg(orientation: int) -> bytes:
    return encoded(lying(orientation), "JPEG", quality=92, exif=camera_exif(orientation))


def lying_heic(orientation: int) -> bytes:
    """Turned by the container's own properties and by EXIF at once, as phones write it."""
    return encoded(lying(orientation), "HEIF", quality=80, exif=camera_exif(orientation).tobytes())


def xmp() -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="{CANARY}"/>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def encoded(picture: Image.Image, encoding: str, **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, encoding, **options)
    return file.getvalue()


def png_with_text() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", CANARY)
    text.add_itxt("Comment", CANARY, zip=True)
    return encoded(street(), "PNG", pnginfo=text, exif=camera_exif())


def webp_with_xmp() -> bytes:
    return encoded(street(), "WEBP", xmp=xmp(), exif=camera_exif())


def heic(width: int = 1200, height: int = 900, noise: int = 12) -> bytes:
    exif = camera_exif().tobytes()
    return encoded(street(width, height, noise), "HEIF", quality=80, exif=exif, xmp=xmp())


def moving_webp() -> bytes:
    """Three frames: the street, then black ones."""
    frames = [Image.new("RGB", (640, 480)), Image.new("RGB", (640, 480), "gray")]
    return encoded(street(640, 480), "WEBP", save_all=True, append_images=frames, duration=100)


def two_in_one_jpeg() -> bytes:
    """A multi-picture JPEG: what phones write that keep a depth map or a brightness map behind the photo."""
    behind = [Image.new("RGB", (300, 200))]
    return encoded(street(), "MPO", save_all=True, append_images=behind, exif=camera_exif())


def jpeg_and_zip() -> bytes:
    """One file that is a photo to a viewer and an archive to an unpacker."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("payload.html", f"<script>{CANARY}</script>")
    return encoded(street(), "JPEG") + archive.getvalue()


def png_header_only(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes that says to be as large as you like."""
    return _png(width, height, zlib.compress(b"\0" * 100))


def png_bomb(side: int = 30_000) -> bytes:
    """A true PNG, all black: some megabytes that unfold to 2.7 gigabytes."""
    rows = b"\0" * ((1 + side * 3) * 100)
    squeeze, checksum = zlib.compressobj(9, zlib.DEFLATED, -15), 1
    block = squeeze.compress(rows) + squeeze.flush(zlib.Z_FULL_FLUSH)  # stands alone, so it can be repeated
    for _ in range(side // 100):
        checksum = zlib.adler32(rows, checksum)
    packed = b"\x78\xda" + block * (side // 100) + squeeze.flush() + struct.pack(">I", checksum)
    return _png(side, side, packed)


def _png(width: int, height: int, packed: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    )


def webp_that_lies(width: int = 16_384, height: int = 16_384) -> bytes:
    """A small WebP whose canvas is said to be the largest that the format knows."""
    file = bytearray(encoded(street(64, 64).convert("RGBA"), "WEBP", exif=camera_exif()))
    file[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(file)


def jpeg_that_lies(width: int = 65_500, height: int = 65_500) -> bytes:
    """A small JPEG whose frame header says otherwise."""
    file = bytearray(encoded(street(64, 64), "JPEG"))
    struct.pack_into(">HH", file, file.index(b"\xff\xc0") + 5, height, width)
    return bytes(file)


def swapping_profile() -> bytes:
    """An RGB profile that means green by red and red by green: whoever ignores it shows the wrong colour."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_with(*chunks: bytes) -> bytes:
    """A small picture, with further chunks before its pixels."""
    whole = encoded(street(64, 48), "PNG")
    header_ends = 8 + 25
    return whole[:header_ends] + b"".join(chunks) + whole[header_ends:]


def png_with_a_profile_bomb(size: int = 400_000_000) -> bytes:
    """Half a megabyte, which becomes `size` bytes of a colour profile for whoever unpacks it."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(10_000_000)) for _ in range(size // 10_000_000)) + packer.flush()
    return png_with(png_chunk(b"iCCP", b"profile\0\0" + packed))


def png_with_text_bombs(number: int = 100) -> bytes:
    """Each of the chunks becomes ten megabytes."""
    packed = zlib.compress(bytes(10_000_000), 9)
    return png_with(*(png_chunk(b"zTXt", b"Comment\0\0" + packed) for _ in range(number)))


def png_of_many_chunks(number: int = 500_000) -> bytes:
    return png_with(png_chunk(b"tEXt", b"a\0b") * number)


def jpeg_of_many_scans(times: int = 400) -> bytes:
    """A progressive picture that says the same over and over: a small file and hours of work."""
    whole = encoded(street(4000, 3000), "JPEG", progressive=True, quality=5)
    first, end = whole.index(b"\xff\xda"), whole.rindex(b"\xff\xd9")
    last = whole.rindex(b"\xff\xc4", first)
    return whole[:end] + whole[last:end] * times + whole[end:]


def jpeg_with_profile_of(size: int = 15_000_000) -> bytes:
    """As many pieces of a colour profile as the format counts."""
    return encoded(street(64, 48), "JPEG", icc_profile=b"\0" * min(size, 255 * 65_519))
