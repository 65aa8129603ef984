"""How much may a form bring? Known before it is read: browsers say so with each form."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from nerirepo.photos.formats import MAX_BYTES
from nerirepo.reports.action_request import MOST_PHOTOS

WORDS = 256 * 1024
"""Bytes of a form without photos: every note at its longest, in UTF-8, percent-encoded."""


class BoundedForms:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            headers = dict(scope["headers"])
            announced = headers.get(b"content-length", b"")
            most = WORDS + (MOST_PHOTOS * MAX_BYTES if scope["path"].endswith("/actions") else 0)
            if not announced.isdigit() or int(announced) > most:
                answer = PlainTextResponse("送られた内容が大きすぎます。 / Too large.", 413)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)
