"""/sitemap.xml: which pages search engines may find."""

import re
from collections.abc import Iterable
from datetime import date
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.base.errors import NotFound
from nerirepo.base.settings import settings
from nerirepo.database.db import public_reading
from nerirepo.publication import read
from web.cache_control import PUBLISHED
from web_public.answer import with_etag
from web_public.texts import PAGES

_OURS = ("", "report", "reports", "improvements", "deeds", "statistics", "open-data")
_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])")
_XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def index(request: Request) -> Response:
    """The parts: one for the pages, and one for each month of reports."""
    with public_reading() as session:
        months = read.months(session)
    parts = ["pages", *(f"{month:%Y-%m}" for month in reversed(months))]
    return _answer(
        request, "sitemapindex", (f"<sitemap>{_loc(f'sitemaps/{part}.xml')}</sitemap>" for part in parts)
    )


def part(request: Request) -> Response:
    name = request.path_params["name"]
    if name == "pages":
        with public_reading() as session:
            written = read.ward(session).pages
        pages = [*_OURS, *(page for page in PAGES if page in written)]
        return _answer(request, "urlset", (f"<url>{_loc(page)}</url>" for page in pages))
    month = _MONTH.fullmatch(name)
    if not month:
        raise NotFound
    with public_reading() as session:
        found = read.of_month(session, date(int(month[1]), int(month[2]), 1))
    if not found:
        raise NotFound
    urls = (
        f"<url>{_loc(f'reports/{number}')}<lastmod>{changed_at.isoformat(timespec='seconds')}</lastmod></url>"
        for number, changed_at in found
    )
    return _answer(request, "urlset", urls)


def _loc(path: str) -> str:
    return f"<loc>{escape(f'{settings().base_url}/{path}')}</loc>"


def _answer(request: Request, root: str, lines: Iterable[str]) -> Response:
    content = "\n".join(lines)
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_XMLNS}">\n{content}\n</{root}>\n'
    return with_etag(request, body.encode(), "application/xml", {"Cache-Control": PUBLISHED})
