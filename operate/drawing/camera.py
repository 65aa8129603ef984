"""What a phone makes of a scene: a JPEG that says when and where it was taken."""

from datetime import datetime
from io import BytesIO

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from nerirepo.clock import in_japan


def photograph(scene: Image.Image, taken_at: datetime, lat: float, lon: float) -> bytes:
    """The same bytes for the same arguments. Degrees are those of WGS 84."""
    exif = Image.Exif()
    local = in_japan(taken_at)
    exif[Base.Make], exif[Base.Model], exif[Base.Orientation] = "Sample", "Drawn picture", 1
    exif[Base.DateTime] = f"{local:%Y:%m:%d %H:%M:%S}"
    exif.get_ifd(IFD.Exif).update(
        {Base.DateTimeOriginal: exif[Base.DateTime], Base.OffsetTimeOriginal: local.isoformat()[-6:]}
    )
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
            GPS.GPSLatitude: _degrees(abs(lat)),
            GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
            GPS.GPSLongitude: _degrees(abs(lon)),
        }
    )
    file = BytesIO()
    scene.save(file, "JPEG", quality=88, exif=exif)
    return file.getvalue()


def _degrees(value: float) -> tuple[float, float, float]:
    degrees, rest = divmod(value, 1)
    minutes, rest = divmod(rest * 60, 1)
    return degrees, minutes, round(rest * 60, 4)
