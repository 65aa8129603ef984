"""/map/lines/{z}/{x}/{y}.mvt: the ground of the interactive map, for our own page alone."""

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.database.db import public_reading
from nerirepo.publication import read
from nerirepo.publication.read import Kept
from web import etags
from web.cache_control import PUBLISHED
from web_public.answer import has

_TILES = Kept[bytes](at_most_bytes=8 * 1024 * 1024)


def lines(request: Request) -> Response:
    tile = read.tile_at(*(request.path_params[part] for part in ("z", "x", "y")))
    with public_reading() as session:
        revision = read.revision(session)
        etag = etags.strong(repr((read.FORM, revision, tile)).encode())
        headers = {"ETag": etag, "Cache-Control": PUBLISHED}
        if has(request, etag):
            return Response(status_code=304, headers=headers)
        drawn = _TILES.get(revision, tile)
        if drawn is None:
            drawn = read.lines(session, tile)
            _TILES.keep(revision, tile, drawn, len(drawn))
    return Response(drawn, headers=headers, media_type="application/vnd.mapbox-vector-tile")
