"""Turning a template into an answer that caches may keep for a minute, and no longer."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from nerirepo.ruby import with_readings, without_readings
from web import etags
from web_public.visit import Visit

# What is hidden must be gone within a minute: 30 s as it is, and 30 s while it is fetched anew. Older copies
# are for the hours in which we are down.
CACHE = "public, max-age=30, stale-while-revalidate=30, stale-if-error=86400"

GONE = "public, max-age=10"
"""For what is not here, or no longer. A cache that serves an old page while it asks for a new one (RFC 5861)
goes on serving the old one for hours if the answer that it gets may not be kept."""

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["without_readings"] = without_readings


def page(
    request: Request, visit: Visit, template: str, *, status: int = 200, cache: str = CACHE, **values: Any
) -> Response:
    """The page, or 304 for somebody who has it already."""
    rendered = render(visit, template, **values)
    if visit.language == "ja-easy":
        rendered = with_readings(rendered)
    headers = {"Cache-Control": cache, "Vary": "Accept-Language", "Content-Language": visit.tag}
    return keep(request, rendered.encode(), "text/html; charset=utf-8", headers, status=status)


def render(visit: Visit, template: str, **values: Any) -> str:
    return _TEMPLATES.get_template(template).render(
        visit=visit, t=visit.t, languages=visit.languages, **values
    )


def keep(
    request: Request, body: bytes, content_type: str, headers: dict[str, str], *, status: int = 200
) -> Response:
    """The body with an ETag, or 304."""
    etag = etags.strong(body)
    # The type with a 304, too: Chromium, asking anew behind a style sheet that it shows, wants to see it.
    headers = headers | {"ETag": etag, "Content-Type": content_type}
    if status == 200 and has(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(body, status_code=status, headers=headers)


def has(request: Request, etag: str) -> bool:
    """Does the client hold this version?"""
    return etags.is_held(request.headers.getlist("if-none-match"), etag)
