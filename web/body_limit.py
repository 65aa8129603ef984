"""How much may a request bring?"""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Most = Callable[[Scope], int | None]
"""Bytes that the request in the scope may bring; None where its route counts for itself."""
Refusal = Callable[[Scope, int], Response]
"""What is said to who brought more than so many bytes."""


class BodyLimit:
    """Reads a request's body to its end before anything else happens, and refuses one that is too long.

    Who sends it slowly, or never to the end, so holds no thread and no connection meanwhile: twenty such
    would keep everybody else out.
    """

    def __init__(self, app: ASGIApp, most: Most, refusal: Refusal) -> None:
        self._app, self._most, self._refusal = app, most, refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = self._most(scope) if scope["type"] == "http" and _brings_body(scope) else None
        if most is None:
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not (announced.isascii() and announced.isdigit()) or int(announced) > most:
            await self._refusal(scope, most)(scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return  # gone: there is nobody to answer
            body += message.get("body", b"")
            if len(body) > most:
                await self._refusal(scope, most)(scope, receive, send)
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
