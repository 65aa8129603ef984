"""/reports/{number}/card.jpg: the picture that goes with a link when somebody shares it.

From a photo that was cleared, or plain; with the status as a shape, and without any words: those
stand in the link's title, and no font is needed. Gone at once when the report is hidden, as its page is.
"""

import io

from PIL import Image, ImageDraw, ImageOps
from starlette.requests import Request
from starlette.responses import Response

from nerirepo.base.errors import Gone, NotFound
from nerirepo.database.db import public_reading
from nerirepo.gateways.storage import ObjectMissing
from nerirepo.publication import read
from nerirepo.publication.read import Kept, PublicReport
from nerirepo.reports.status import Status, marker
from web.cache_control import PUBLISHED
from web_public import report_page
from web_public.answer import with_etag
from web_public.theme import colours

SIZE = (1200, 630)
"""What the large networks ask for."""
_TWICE = 2
"""Shapes are drawn larger and made smaller, which smooths their edges."""
_COLOURS = {"before": "#ce0000", "during": "#0017c1", "after": "#115a36", "unrepaired": "#4d4d4d"}
"""As in site.css."""
_CARDS = Kept[bytes](at_most_bytes=8 * 1024 * 1024)


def card(request: Request) -> Response:
    number = request.path_params["number"]
    if not report_page.NUMBER_OR_ID.fullmatch(number):
        raise NotFound
    with public_reading() as session:
        revision = read.revision(session)
        drawn = _CARDS.get(revision, number)
        if drawn is None:
            report = read.one(session, number)
            if report is None:
                raise NotFound
            if isinstance(report, read.TakenBack):
                raise Gone
            ward = read.ward(session)
            photo = _photo(report)
            try:
                known = read.picture(session, photo) if photo else None
                picture = read.picture_bytes(photo, known) if photo and known else None
                drawn = draw(picture, marker(Status(report["status"])), colours(ward))
            except ObjectMissing as missing:  # hidden between two questions
                raise NotFound from missing
            _CARDS.keep(revision, number, drawn, len(drawn))
    return with_etag(request, drawn, "image/jpeg", {"Cache-Control": PUBLISHED})


def _photo(report: PublicReport) -> str | None:
    """The key of the result's photo, or else of the first."""
    photos = sorted(report["photos"], key=lambda photo: photo["role"] != "after")
    return photos[0]["renditions"]["medium"]["url"].removeprefix("/media/") if photos else None


def draw(photo: bytes | None, marker: str, ward_colours: dict[str, str]) -> bytes:
    """A JPEG of `SIZE`. `photo` is one of our own renditions."""
    card = Image.new("RGB", SIZE, ward_colours["primary"])
    if photo:
        with Image.open(io.BytesIO(photo), formats=("WEBP", "JPEG")) as opened:
            card.paste(ImageOps.fit(opened.convert("RGB"), SIZE))
    else:
        _pin(card, ward_colours["primary"])
    _draw_figure(card, marker)
    file = io.BytesIO()
    card.save(file, "JPEG", quality=82, optimize=True)
    return file.getvalue()


def _pin(card: Image.Image, primary: str) -> None:
    large = Image.new("RGB", (SIZE[0] * _TWICE, SIZE[1] * _TWICE), primary)
    pen = ImageDraw.Draw(large)
    x, y, radius = SIZE[0], SIZE[1] * 0.8, 260
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#ffffff")
    pen.polygon([(x - 225, y + 130), (x + 225, y + 130), (x, y + 560)], fill="#ffffff")
    pen.ellipse((x - 105, y - 105, x + 105, y + 105), fill=primary)
    card.paste(large.resize(SIZE, Image.Resampling.LANCZOS))


def _draw_figure(card: Image.Image, marker: str) -> None:
    """In the corner, on white: an open ring, a half-filled one, a square with a tick or with a dash."""
    side = 160 * _TWICE
    badge = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(badge)
    colour = _COLOURS[marker]
    pen.ellipse((0, 0, side - 1, side - 1), fill="#ffffff")
    inner = (side * 0.22, side * 0.22, side * 0.78, side * 0.78)
    if marker in ("after", "unrepaired"):
        pen.rounded_rectangle(inner, radius=side * 0.1, fill=colour)
        dash = [(side * 0.36, side * 0.5), (side * 0.64, side * 0.5)]
        tick = [(side * 0.36, side * 0.51), (side * 0.46, side * 0.61), (side * 0.65, side * 0.39)]
        pen.line(tick if marker == "after" else dash, fill="#ffffff", width=round(side * 0.07), joint="curve")
    else:
        pen.ellipse(inner, outline=colour, width=round(side * 0.08))
        if marker == "during":
            pen.pieslice(inner, -90, 90, fill=colour)
    badge = badge.resize((side // _TWICE, side // _TWICE), Image.Resampling.LANCZOS)
    card.paste(badge, (SIZE[0] - 160 - 40, SIZE[1] - 160 - 40), badge)
