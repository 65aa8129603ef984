"""/: what this is, map and list together, and how to report."""

from functools import partial

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from web_public import map_picture
from web_public.answer import page
from web_public.conditional_get import cached
from web_public.find import Asked, find
from web_public.map_data import map_data
from web_public.page_context import PageContext

NEWEST = 12


def home(request: Request) -> Response:
    return cached(request, partial(_home, request, Asked.of(request)))


def _home(request: Request, asked: Asked, session: Session, visit: PageContext) -> Response:
    found = find(session, visit, asked, limit=NEWEST)
    return page(
        request,
        visit,
        "home.html",
        found=found,
        picture=map_picture.draw(session, visit, asked.filters, found.items),
        map_data=map_data(visit, asked),
    )
