"""What is under these folders programs of anybody may read, in browsers too: files, feeds and their errors.

Starlette's CORSMiddleware looks at `Origin`; but what is kept for everybody must be the same for everybody.
"""

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDERS = ("/open-data/", "/feeds/")

_FOR_ANYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Last-Modified, Link, Retry-After",
}
_WHAT_MAY_BE_ASKED = _FOR_ANYBODY | {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-Modified-Since, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def cors_headers(path: str) -> dict[str, str]:
    return _FOR_ANYBODY if path.startswith(FOLDERS) else {}


class Cors:
    """Adds them, and answers preflight requests."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(FOLDERS):
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_WHAT_MAY_BE_ASKED)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(cors_headers(scope["path"]))
            await send(message)

        await self.app(scope, receive, send_with_headers)
