"""/feeds/reports.atom: what has changed last, for whoever follows a town or a kind."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.base.settings import settings
from nerirepo.database.db import public_reading
from nerirepo.publication import read
from nerirepo.publication.read import Filters
from nerirepo.reports.status import PublicGroup
from web_public.answer import render
from web_public.download import Chunks, download
from web_public.find import FILTERS
from web_public.open_data import filters_of
from web_public.page_context import PageContext

ENTRIES = 50


def reports(request: Request) -> Response:
    """Atom (RFC 4287), by the filters of the list."""
    filters = filters_of(request)
    with public_reading() as session:
        change = read.last_change(session)
        visit = PageContext.of(request, read.ward(session))
        visit.ward.check(session, filters)
    asked = {name: request.query_params.get(name) for name in FILTERS}

    def lines() -> Chunks:
        with public_reading() as session:
            records = read.latest_changes(session, filters, ENTRIES)
        yield render(
            visit,
            "feed.xml",
            records=records,
            asked=list(_in_words(visit, filters)),
            base=settings().base_url,
            address=visit.link("/feeds/reports.atom", **asked),
            site=visit.link("/reports", **asked),
            # A feed without entries must still say when it was last made: when nothing had happened.
            updated=records[0]["updated_at"] if records else "1970-01-01T00:00:00Z",
        )

    headers = {"Vary": "Accept-Language", "Content-Language": visit.tag}
    language = (visit.language, visit.is_language_asked_for)
    return download(
        request, change, lines(), (asked, language), "application/atom+xml; charset=utf-8", headers
    )


def _in_words(visit: PageContext, filters: Filters) -> Iterator[str]:
    """The filters, for the title: whoever follows three towns has three feeds in the list."""
    if filters.town:
        yield filters.town
    if filters.category:
        yield visit.ward.category_name(filters.category, visit.language)
    if filters.status:
        yield visit.t(f"{'group' if filters.status in set(PublicGroup) else 'status'}.{filters.status}")
    if filters.department:
        yield visit.ward.department_name(filters.department, visit.language)
    if filters.q:
        yield filters.q
    if filters.bbox:
        yield visit.t("map.this_part")
    if filters.since:
        yield visit.date(filters.since) + visit.t("map.from_then")
    if filters.until:
        yield visit.t("map.till_then", day=visit.date(filters.until))
