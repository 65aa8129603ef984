"""As much of a worker's work by the least that could do it."""

import io
import smtplib
from concurrent.futures import ProcessPoolExecutor
from urllib.parse import urlsplit

from PIL import Image

from benchmarks.stage import Stage
from nerirepo.base.settings import settings
from nerirepo.photos.renditions import KINDS, LARGEST


def send(staged: Stage, count: int) -> None:
    """One of the letters again and again to the same server, on one connection."""
    letter = next((staged.folder / "mail").rglob("*.eml")).read_bytes()
    server = urlsplit(settings().smtp_url)
    with smtplib.SMTP(server.hostname or "", server.port or 0) as line:
        for _ in range(count):
            line.sendmail("ward@example.jp", ["somebody@example.jp"], letter)


def develop(picture: bytes, count: int) -> None:
    """Decoding, shrinking and encoding, on every core, and nothing else."""
    with ProcessPoolExecutor() as cores:
        list(cores.map(_develop_one, [picture] * count))


def _develop_one(picture: bytes) -> None:
    with Image.open(io.BytesIO(picture)) as image:
        image.draft(None, (LARGEST, LARGEST))
        image.load()
    for kind in KINDS:
        rendition = image.copy()
        rendition.thumbnail((kind.longest_side, kind.longest_side))
        rendition.save(io.BytesIO(), kind.content_type.removeprefix("image/"), quality=kind.quality)
