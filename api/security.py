"""Headers that every answer carries, and the bounds of what a request may bring."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import TooLarge, rendered
from nerirepo.settings import settings

LARGEST_JSON = 64 * 1024
"""Bytes of a request body; a report with all its words is 10 kB. Photos are bounded by their own size."""

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


class SecurityHeaders:
    """Adds what is missing; a page that needs to load something sets its own Content-Security-Policy."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("Content-Type", "").startswith("text/html")
                for name, value in (HEADERS | (HEADERS_OF_PAGES if is_page else {})).items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", NOTHING)
                headers.setdefault("Cache-Control", "no-store")
                if settings().is_https:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class BoundedBody:
    """Refuses a request body above `LARGEST_JSON`, but for the paths that take photos."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _takes_photos(scope["path"]):
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > LARGEST_JSON:
            await _too_large(scope, receive, send)
            return
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > LARGEST_JSON:
                raise _TooLarge
            return message

        try:
            await self._app(scope, bounded, send)
        except _TooLarge:
            await _too_large(scope, receive, send)


def _takes_photos(path: str) -> bool:
    """These count for themselves: the bytes of one photo, and the plain form with several."""
    return path.endswith("/bytes") or path.startswith("/l/report/")


class _TooLarge(Exception):
    pass


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    refusal = TooLarge(facts={"bytes_taken": LARGEST_JSON})
    await rendered(refusal, Headers(scope=scope).get("accept-language"))(scope, receive, send)
