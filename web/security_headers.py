"""Whatever a door answers leaves with the headers that tell a browser what it may do with it."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Complete = Callable[[Scope, MutableHeaders], None]
"""Adds to the headers of an answer to the request in the scope."""


class SecurityHeaders:
    """An ASGI app before a door; `complete` is the door's own."""

    def __init__(self, app: ASGIApp, complete: Complete) -> None:
        self._app, self._complete = app, complete

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(scope, MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
