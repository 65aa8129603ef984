"""/media/{key}: a published picture, from the published bucket, only while a row says so."""

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.base.errors import NotFound
from nerirepo.database.db import public_reading
from nerirepo.gateways.storage import ObjectMissing
from nerirepo.publication import read
from web.cache_control import PUBLISHED
from web_public.answer import has


def picture(request: Request) -> Response:
    key = request.path_params["key"]
    if len(key) > 200 or not key.isascii() or not key.isprintable():
        raise NotFound
    with public_reading() as session:
        known = read.picture(session, key)
    if known is None:
        raise NotFound
    headers = {"ETag": f'"{known.sha256}"', "Cache-Control": PUBLISHED, "Content-Type": known.content_type}
    if has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Length": str(known.bytes)}
    if request.method == "HEAD":
        return Response(headers=headers)
    try:
        # Whole, not streamed: it is at most some hundred kB, and a browser that turned away in the middle
        # would leave the store's connection open.
        return Response(read.picture_bytes(key, known), headers=headers)
    except ObjectMissing as missing:  # hidden between the two questions
        raise NotFound from missing
