"""Pages that many people read are made once for each state of what is published, and kept in memory.

One small question to the database, for the revision, decides whether the page that is kept may still be
shown; so what was hidden is gone at once, and whoever has the page already is answered without making it.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

import nerirepo
from nerirepo import clock
from nerirepo.db import public_reading
from nerirepo.publication import read
from nerirepo.publication.read import Kept, Ward
from nerirepo.settings import settings
from web_public.answer import has
from web_public.visit import Visit

_PAGES = Kept[Response](at_most_bytes=32 * 1024 * 1024)
_WARDS = Kept[Ward](at_most_bytes=1)
"""One; its size is said as 1."""

Make = Callable[[Session, Visit], Response]


def kept(request: Request, make: Make) -> Response:
    """The page that `make` makes, which must depend on the address, the language and what is published alone.

    Only pages for status 200 are kept, by the parameters that `Visit` knows.
    """
    bare = Visit.of(request)
    asked = (
        bare.path,
        tuple(bare.query.items()),
        bare.language,
        bare.is_language_asked_for,
        clock.today_in_japan(),
    )
    with public_reading() as session:
        revision = read.revision(session)
        etag = f'"{hashlib.sha256(repr((_build(), revision, asked)).encode()).hexdigest()[:32]}"'
        page = _PAGES.get(revision, asked)
        if page is None:
            page = make(session, Visit.of(request, _ward(session, revision)))
            if page.status_code != 200:
                return page
            page.headers["ETag"] = etag
            _PAGES.keep(revision, asked, page, len(page.body))
    # An answer of its own: whatever stands around may add headers to it.
    headers = dict(page.headers)
    if has(request, etag):
        headers.pop("content-length")
        return Response(status_code=304, headers=headers)
    return Response(page.body, headers=headers)


def _ward(session: Session, revision: str) -> Ward:
    ward = _WARDS.get(revision, "ward")
    if ward is None:
        ward = read.ward(session)
        _WARDS.keep(revision, "ward", ward, 1)
    return ward


@cache
def _build() -> str:
    """Another after each change of our own files or settings, from which pages are made, too."""
    found = hashlib.sha256(repr((settings().base_url, settings().map_tiles_url)).encode())
    for folder in (Path(__file__).parent, Path(nerirepo.__file__).parent / "locales"):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(file.read_bytes())
    return found.hexdigest()
