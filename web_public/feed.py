"""/feeds/reports.atom: what has changed last, for whoever follows a town or a kind."""

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.db import public_reading
from nerirepo.publication import read
from nerirepo.settings import settings
from web_public.answer import CACHE, keep, render
from web_public.open_data import FILTERS, filters_of
from web_public.visit import Visit

ENTRIES = 50


def reports(request: Request) -> Response:
    """Atom (RFC 4287), by the filters of the list."""
    filters = filters_of(request)
    with public_reading() as session:
        visit = Visit.of(request, read.ward(session))
        visit.ward.check(session, filters)
        records = read.latest_changes(session, filters, ENTRIES)
    asked = {name: request.query_params.get(name) for name in FILTERS}
    written = render(
        visit,
        "feed.xml",
        records=records,
        base=settings().base_url,
        address=visit.link("/feeds/reports.atom", **asked),
        site=visit.link("/reports", **asked),
        # A feed without entries must still say when it was last made: when nothing had happened.
        updated=records[0]["updated_at"] if records else "1970-01-01T00:00:00Z",
    )
    headers = {"Cache-Control": CACHE, "Vary": "Accept-Language", "Content-Language": visit.tag}
    return keep(request, written.encode(), "application/atom+xml; charset=utf-8", headers)
