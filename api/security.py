"""Headers that every answer carries, and the bounds of what a request may bring."""

import re

from fastapi import FastAPI, Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import rendered
from nerirepo.settings import settings
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


def complete(headers: MutableHeaders) -> None:
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
        complete(answer.headers)
        return answer


class SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                complete(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class BoundedBody:
    """Reads a request's body to its end before anything else happens, and refuses one that is too long.

    Who sends it slowly, or never to the end, so holds no place of `Admission` meanwhile: twenty such would
    keep everybody else out. Paths that take photos count for themselves.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _takes_photos(scope["path"]) or not _brings_body(scope):
            await self._app(scope, receive, send)
            return
        most = LARGEST_SETTINGS if _replaces_settings(scope) else LARGEST_JSON
        announced = Headers(scope=scope).get("content-length", "0")
        if not (announced.isascii() and announced.isdigit()) or int(announced) > most:
            await _too_large(most, scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return  # gone: there is nobody to answer
            body += message.get("body", b"")
            if len(body) > most:
                await _too_large(most, scope, receive, send)
                return
            if not message.get("more_body"):
                break
        whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def read_already() -> Message:
            return whole.pop() if whole else await receive()

        await self._app(scope, read_already, send)


def _brings_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def takes_one_photo(path: str) -> bool:
    return BYTES_OF_A_PHOTO.fullmatch(path) is not None


def _takes_photos(path: str) -> bool:
    """The bytes of one photo, and the plain form with several."""
    return takes_one_photo(path) or path.startswith("/l/report/")


def _replaces_settings(scope: Scope) -> bool:
    path: str = scope["path"]
    return scope["method"] == "PUT" and path.startswith("/staff/") and path.count("/") == 2


async def _too_large(most: int, scope: Scope, receive: Receive, send: Send) -> None:
    refusal = TooLarge(facts={"bytes_taken": most})
    await rendered(refusal, Headers(scope=scope).get("accept-language"))(scope, receive, send)
