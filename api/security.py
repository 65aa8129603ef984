"""Headers that every answer carries, and the bounds of what a request may bring."""

import re

from fastapi import FastAPI, Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Scope

from api.problems import rendered
from nerirepo.base.settings import settings
from web.errors import Internal, TooLarge

LARGEST_JSON = 64 * 1024
"""Bytes of a request body; a report with all its words is 10 kB. Photos are bounded by their own size."""
LARGEST_SETTINGS = 1024 * 1024
"""Of a list that an admin replaces: the categories in five languages are 50 kB with Japanese escaped."""

BYTES_OF_A_PHOTO = re.compile(r"/v1/photos/[^/]+/bytes")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-site",
}
HEADERS_OF_PAGES = {
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
"""An answer that is no page has no frame and no camera: a phone on a slow network is spared the bytes."""
NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""Answers for programs load nothing."""


def complete(_: Scope, headers: MutableHeaders) -> None:
    """Add what is missing; a page that needs to load something sets its own Content-Security-Policy."""
    is_page = headers.get("Content-Type", "").startswith("text/html")
    for name, value in (HEADERS | (HEADERS_OF_PAGES if is_page else {})).items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", NOTHING)
    headers.setdefault("Cache-Control", "no-store")
    if settings().is_https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def install(app: FastAPI) -> None:
    """Let a fault of ours leave with them, too: it is answered outside of all middleware."""

    @app.exception_handler(Exception)
    def _(request: Request, _: Exception) -> Response:
        answer = rendered(Internal(), request.headers.get("accept-language"))
        complete(request.scope, answer.headers)
        return answer


def takes_one_photo(path: str) -> bool:
    return BYTES_OF_A_PHOTO.fullmatch(path) is not None


def _takes_photos(path: str) -> bool:
    """The bytes of one photo, and the plain form with several."""
    return takes_one_photo(path) or path.startswith("/l/report/")


def _replaces_settings(scope: Scope) -> bool:
    path: str = scope["path"]
    return scope["method"] == "PUT" and path.startswith("/staff/") and path.count("/") == 2


def most_bytes(scope: Scope) -> int | None:
    """Of a request's body."""
    if _takes_photos(scope["path"]):
        return None
    return LARGEST_SETTINGS if _replaces_settings(scope) else LARGEST_JSON


def too_large(scope: Scope, most: int) -> Response:
    refusal = TooLarge(facts={"bytes_taken": most})
    return rendered(refusal, Headers(scope=scope).get("accept-language"))
