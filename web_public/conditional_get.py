"""Pages that are the same for everybody while nothing that is published changes.

One small question to the database, for the revision, decides whether whoever has the page already may go on
showing it; so what was hidden is gone at once. `request.state.cache_revision` and `cache_parameters` tell
whoever runs this app how long he may keep the answer, and by which parameters: see
operate/serving/response_cache.py.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

import nerirepo
import web
import web_public
from nerirepo.base import clock
from nerirepo.base.settings import settings
from nerirepo.database.db import public_reading
from nerirepo.publication import read
from nerirepo.publication.read import Kept, Ward
from web import etags
from web_public.answer import has
from web_public.page_context import KEPT, PageContext

_WARDS = Kept[Ward](at_most_bytes=10_000)
"""One, whose size is said as 0."""

MADE_FROM = (nerirepo, web, web_public)
"""Packages whose files make a page."""
_PARAMETERS = frozenset((*KEPT, "lang"))

Make = Callable[[Session, PageContext], Response]


def cached(request: Request, make: Make) -> Response:
    """The page that `make` makes, which must depend on the address, the language and what is published alone.

    Only pages for status 200 may be kept.
    """
    bare = PageContext.of(request)
    asked = (
        bare.path,
        tuple(bare.query.items()),
        bare.language,
        bare.is_language_asked_for,
        clock.today_in_japan(),
    )
    with public_reading() as session:
        revision = read.revision(session)
        etag = etags.strong(repr((build(), revision, asked)).encode())
        page = make(session, PageContext.of(request, _ward(session, revision)))
    if page.status_code != 200:
        return page
    page.headers["ETag"] = etag
    request.state.cache_revision, request.state.cache_parameters = revision, _PARAMETERS
    if not has(request, etag):
        return page
    headers = dict(page.headers)
    headers.pop("content-length")
    return Response(status_code=304, headers=headers)


def _ward(session: Session, revision: str) -> Ward:
    ward = _WARDS.get(revision, "ward")
    if ward is None:
        ward = read.ward(session)
        _WARDS.keep(revision, "ward", ward, 0)
    return ward


@cache
def build() -> str:
    """Another after each change of our own files or settings, from which pages are made, too."""
    found = hashlib.sha256(repr((settings().base_url, settings().map_tiles_url)).encode())
    for room in MADE_FROM:
        folder = Path(str(room.__file__)).parent
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(file.read_bytes())
    return found.hexdigest()
