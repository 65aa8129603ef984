"""No more requests at once than there are connections: the others wait outside, in order.

A request looks up its caller in one thread and does its work in another. Between the two it holds a
connection and waits for a thread; without this gate the threads could all be waiting for connections.
"""

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import rendered
from api.security import takes_one_photo
from nerirepo.base.errors import Unavailable
from nerirepo.base.settings import settings

LONGEST_WAIT = 20
"""Seconds; then the client is told to come back, which costs less than holding its request."""


class Crowded(Unavailable):
    """The service is very busy at the moment. Nothing was lost; please try again."""

    code = "crowded"


class ConcurrencyLimit:
    """Photos on their way, and questions after our health, do not wait: they need no connection meanwhile."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._places = asyncio.Semaphore(settings().pool_size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or takes_one_photo(scope["path"]) or scope["path"].startswith("/health"):
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await self._places.acquire()
        except TimeoutError:
            await rendered(Crowded(retry_after=5), Headers(scope=scope).get("accept-language"))(
                scope, receive, send
            )
            return
        try:
            await self._app(scope, receive, send)
        finally:
            self._places.release()
