"""Answers that a client already has are not sent again."""

import hashlib
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute


def tagged(request: Request, content: Any, *, cache_control: str, kept_while: str | None = None) -> Response:
    """The content as JSON with a weak ETag of itself, or 304 to whoever holds it already.

    `kept_while`: the revision (`publication.read`), read before anything else, that it depends on alone.
    """
    if kept_while:
        may_be_kept(request, kept_while)
    body = orjson.dumps(content)
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": cache_control, "Vary": "Accept-Language"}
    if holds(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def may_be_kept(request: Request, while_revision: str) -> None:
    """Whoever runs this app may keep the answer until there is another revision: operate/kept_answers.py."""
    request.state.kept_while = while_revision
    request.state.kept_by = _parameters(request.scope["route"])


def _parameters(route: APIRoute) -> frozenset[str]:
    return frozenset(
        each.alias for each in get_flat_params(route.dependant) if isinstance(each.field_info, Query)
    )


def holds(request: Request, etag: str) -> bool:
    """Has the client this version already?"""
    held = {each.strip() for each in request.headers.get("if-none-match", "").split(",")}
    return etag in held or "*" in held
