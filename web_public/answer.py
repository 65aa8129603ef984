"""Turning a template into an answer that caches may keep for a minute, and no longer."""

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from web import etags
from web.cache_control import PUBLISHED
from web.ruby import with_readings, without_readings
from web.templates import environment
from web_public.page_context import PageContext

_TEMPLATES = environment(Path(__file__).parent / "templates")
_TEMPLATES.filters["without_readings"] = without_readings


def page(
    request: Request,
    visit: PageContext,
    template: str,
    *,
    status: int = 200,
    cache: str = PUBLISHED,
    **values: Any,
) -> Response:
    """The page, or 304 for somebody who has it already."""
    rendered = render(visit, template, **values)
    if visit.has_readings:
        rendered = with_readings(rendered)
    headers = {"Cache-Control": cache, "Vary": "Accept-Language", "Content-Language": visit.tag}
    return with_etag(request, rendered.encode(), "text/html; charset=utf-8", headers, status=status)


def render(visit: PageContext, template: str, **values: Any) -> str:
    return _TEMPLATES.get_template(template).render(
        visit=visit, t=visit.t, languages=visit.languages, **values
    )


def with_etag(
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
