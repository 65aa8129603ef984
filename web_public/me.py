"""/me: one's own and followed reports, choices, everything held about one, and erasure."""

from starlette.requests import Request
from starlette.responses import Response

from web_public.program_page import program_page


def me(request: Request) -> Response:
    return program_page(request, "me.html", "me")
