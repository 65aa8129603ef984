"""/reports: everything that is published, found by plain links and one search field."""

from functools import partial

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from web_public.answer import page
from web_public.conditional_get import cached
from web_public.find import FILTERS, Asked, find
from web_public.page_context import PageContext

A_PAGE = 20


def reports(request: Request) -> Response:
    return cached(request, partial(_reports, request, Asked.of(request)))


def _reports(request: Request, asked: Asked, session: Session, visit: PageContext) -> Response:
    return page(
        request,
        visit,
        "reports.html",
        found=find(session, visit, asked, limit=A_PAGE),
        feed=visit.link("/feeds/reports.atom", **{name: visit.query.get(name) for name in FILTERS}),
    )
