"""/: what this is, the newest reports with their pictures, and how to report."""

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.db import public_reading
from nerirepo.publication import read
from web_public.answer import page
from web_public.visit import Visit

NEWEST = 6


def home(request: Request) -> Response:
    with public_reading() as session:
        visit = Visit.of(request, read.ward(session))
        newest = read.newest(session, limit=NEWEST, language=visit.language)
    return page(request, visit, "home.html", reports=newest.items)
