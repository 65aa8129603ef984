"""/reports/{number}: one report, from the first photo to the result."""

import re
from functools import partial

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from nerirepo.base.errors import NotFound
from nerirepo.publication import read, small_map
from nerirepo.publication.read import PublicReport
from web.cache_control import NOT_HERE
from web_public import structured_data
from web_public.answer import page
from web_public.conditional_get import cached
from web_public.page_context import PageContext

NUMBER_OR_ID = re.compile(r"[0-9A-Za-z-]{1,40}")


def report(request: Request) -> Response:
    asked = request.path_params["number"]
    if not NUMBER_OR_ID.fullmatch(asked):
        raise NotFound
    return cached(request, partial(_case, request, asked))


def _case(request: Request, asked: str, session: Session, visit: PageContext) -> Response:
    found = read.one(session, asked, visit.language)
    if found is None:
        raise NotFound
    if isinstance(found, read.TakenBack):
        return page(request, visit, "withdrawn.html", status=410, cache=NOT_HERE, number=found.number)
    if found["number"] != asked:
        return RedirectResponse(visit.link(f"/reports/{found['number']}"), status_code=301)
    return page(
        request,
        visit,
        "report_page.html",
        report=found,
        usual=read.usual(session, found["category"]["code"]),
        structured_data=structured_data.of_report(visit, found),
        address=structured_data.address(f"/reports/{found['number']}"),
        map=_map_of(session, found),
    )


def _map_of(session: Session, report: PublicReport) -> small_map.Drawing | None:
    """Around the report's point, or around its town where only that may be shown."""
    if report["point"]:
        centre = read.Centre(**report["point"])
    elif report["town"]:
        centre = read.centre_of_town(session, report["town"])
    else:
        centre = None
    return centre and small_map.draw_around(session, centre, is_exact=report["point"] is not None)
