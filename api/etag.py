"""Answers that a client already has are not sent again."""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute

from web import etags

_PARAMETERS: dict[Callable[..., Any], frozenset[str]] = {}
"""Of each route that was asked for, by its function: to look for them takes longer than many an answer."""


def tagged(
    request: Request, content: Any, *, cache_control: str, cache_revision: str | None = None
) -> Response:
    """The content as JSON with a weak ETag of itself, or 304 to whoever holds it already.

    `cache_revision`: the revision (`publication.read`), read before anything else, that it depends on alone.
    """
    if cache_revision:
        may_be_cached(request, cache_revision)
    body = orjson.dumps(content)
    etag = etags.weak(body)
    headers = {"ETag": etag, "Cache-Control": cache_control, "Vary": "Accept-Language"}
    if holds(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def may_be_cached(request: Request, while_revision: str) -> None:
    """Whoever runs this app may keep the answer until another revision: operate/serving/response_cache.py."""
    request.state.cache_revision = while_revision
    request.state.cache_parameters = _parameters(request.scope["route"])


def _parameters(route: APIRoute) -> frozenset[str]:
    if route.endpoint not in _PARAMETERS:
        _PARAMETERS[route.endpoint] = frozenset(
            each.alias for each in get_flat_params(route.dependant) if isinstance(each.field_info, Query)
        )
    return _PARAMETERS[route.endpoint]


def holds(request: Request, etag: str) -> bool:
    """Has the client this version already?"""
    return etags.is_held(request.headers.getlist("if-none-match"), etag)
