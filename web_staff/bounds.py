"""How much may a form without photos bring? Known before it is read: browsers say so with each form.

Those of actions take photos; they are read to their end (`carried.sent`), and keep their words.
"""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

WORDS = 256 * 1024
"""Bytes of a form without photos: every note at its longest, in UTF-8, percent-encoded."""


class BoundedForms:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD") and not _takes_photos(scope):
            headers = dict(scope["headers"])
            announced = headers.get(b"content-length", b"")
            if not announced.isdigit() or int(announced) > WORDS:
                answer = PlainTextResponse("送られた内容が大きすぎます。 / Too large.", 413)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _takes_photos(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.endswith("/actions")
