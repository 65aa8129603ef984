"""What programs fetch: written while it is read, packed for whoever can unpack, with a tag and a date.

Its length never matters to us, so it stands nowhere in memory.
"""

import re
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from itertools import chain

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from nerirepo.base import clock
from nerirepo.publication.read import Change
from web import etags
from web.cache_control import PUBLISHED
from web_public.answer import has
from web_public.conditional_get import build

LICENCE = "https://creativecommons.org/licenses/by/4.0/"

SETTLED_AFTER = timedelta(seconds=2)
"""A date has whole seconds: what changes twice within one would look unchanged (RFC 9110, 8.8.2.2)."""

_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
_COMPRESSION = 5
"""Of 9, as in the API."""
_GZIP = zlib.MAX_WBITS | 16

Chunks = Iterator[str]


def download(
    request: Request, change: Change, lines: Chunks, asked: object, content_type: str, headers: dict[str, str]
) -> Response:
    """The lines, which depend on `asked`, the path and what is published alone; or 304; or how long they are.

    `lines` must have asked the database before the first of them comes: if that is away, this becomes a
    friendly 503, and no half of a file.
    """
    of = (build(), change.revision, request.scope["path"], asked)
    etag = etags.weak(repr(of).encode())  # weak: the same, packed or not
    vary = ", ".join(filter(None, (headers.get("Vary"), "Accept-Encoding")))
    headers = headers | {
        "Cache-Control": PUBLISHED,
        "Content-Type": content_type,
        "ETag": etag,
        "Link": f'<{LICENCE}>; rel="license"',
        "Vary": vary,
    }
    settled = change.at if change.at and clock.now() - change.at >= SETTLED_AFTER else None
    if settled:
        headers["Last-Modified"] = format_datetime(settled, usegmt=True)
    if has(request, etag) or (settled and _is_as_old(request, settled)):
        return Response(status_code=304, headers=headers)
    parts = (line.encode() for line in lines)
    if _TAKES_GZIP.search(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        parts = _packed(parts)
    if request.method == "HEAD":
        return Response(headers=headers | {"Content-Length": str(sum(map(len, parts)))})
    return StreamingResponse(chain([next(parts, b"")], parts), headers=headers)


def _packed(parts: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(_COMPRESSION, wbits=_GZIP)
    for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()


def _is_as_old(request: Request, changed_at: datetime) -> bool:
    held = request.headers.get("if-modified-since")
    if "if-none-match" in request.headers or not held:
        return False
    try:
        return parsedate_to_datetime(held) >= changed_at.replace(microsecond=0)
    except (ValueError, TypeError, OverflowError):  # no date, none with a zone, none that there is
        return False
