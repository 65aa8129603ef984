"""/reports: everything that is published, newest first, by plain links and one search field."""

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.db import public_reading
from nerirepo.publication import read
from nerirepo.reports.status import PublicGroup
from web_public.answer import page
from web_public.visit import Visit

A_PAGE = 20


def reports(request: Request) -> Response:
    asked = {key: request.query_params.get(key) for key in ("category", "status", "town", "q")}
    filters = read.Filters.parse(**asked)
    with public_reading() as session:
        visit = Visit.of(request, read.ward(session))
        found = read.newest(
            session,
            filters,
            cursor=request.query_params.get("cursor") or None,
            limit=A_PAGE,
            language=visit.language,
        )
    return page(
        request,
        visit,
        "reports.html",
        reports=found.items,
        next_cursor=found.next_cursor,
        filters=filters,
        groups=[group.value for group in PublicGroup],
    )
