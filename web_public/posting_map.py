"""/report/map: the surroundings of a point as a drawing, for whoever says where something is."""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.base.errors import Invalid
from nerirepo.database.db import public_reading
from nerirepo.publication import read, small_map
from nerirepo.publication.read import Centre
from web_public.answer import page
from web_public.page_context import PageContext

WIDEST, NARROWEST = 12_000, 60
"""Metres from the middle to the sides: the whole ward, and both sides of a street."""
CACHE = "public, max-age=3600"
"""Chunks change once a year."""


@dataclass(frozen=True)
class View:
    centre: Centre
    half_width: float


def report_map(request: Request) -> Response:
    view = _view(request)
    scale = view.half_width / small_map.HALF_WIDTH
    with public_reading() as session:
        visit = PageContext.of(request)
        # A margin, so that no outline is drawn along the frame.
        half_width = (small_map.HALF_WIDTH + small_map.MARGIN) * scale
        half_height = (small_map.HALF_HEIGHT + small_map.MARGIN) * scale
        shapes = read.around(session, view.centre, half_width, half_height)
    # Names are placed in the small map's own measure, whatever part of the ward it shows.
    placed = [replace(shape, x=shape.x / scale, y=shape.y / scale) for shape in shapes]
    drawing = small_map.draw(placed, is_exact=True)
    return page(request, visit, "report_map.svg", cache=CACHE, map=drawing, zoom=1 / scale)


def _view(request: Request) -> View:
    try:
        lat, lon, half = (float(request.query_params[name]) for name in ("lat", "lon", "half"))
    except (KeyError, ValueError) as wrong:
        raise Invalid from wrong
    if not (-85 <= lat <= 85 and -180 <= lon <= 180 and NARROWEST <= half <= WIDEST):
        raise Invalid
    return View(Centre(lat, lon), half)
