"""/report: posting from the browser, by the reference client of the API."""

from starlette.requests import Request
from starlette.responses import Response

from web_public.program_page import program_page


def report(request: Request) -> Response:
    return program_page(request, "report.html", "report")
