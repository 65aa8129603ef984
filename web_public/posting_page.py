"""/report: posting from the browser, by the reference client of the API."""

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.db import public_reading
from nerirepo.publication.read.towns import town_points
from web_public.program_page import program_page


def report(request: Request) -> Response:
    with public_reading() as session:
        towns = town_points(session)
    return program_page(request, "report.html", "report", towns=towns)
