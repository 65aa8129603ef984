"""The headers that every answer of the public site carries, whatever it is."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nerirepo.settings import settings

SECONDS_OF_HTTPS = 365 * 24 * 3600

HEADERS = {
    # No inline styles or scripts, nothing from elsewhere; nobody puts our pages into a frame of theirs.
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def security_headers(*, is_https: bool) -> dict[str, str]:
    if is_https:
        return HEADERS | {"Strict-Transport-Security": f"max-age={SECONDS_OF_HTTPS}; includeSubDomains"}
    return HEADERS


class SecurityHeaders:
    """Adds them, but where an answer has set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers(is_https=settings().is_https).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
