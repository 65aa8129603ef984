"""The address as it is run, and a path that does nothing: `python -m benchmarks.server PORT [--forget]`.

`--forget`: nothing that was made is kept, so that each request shows what making costs.
"""

import sys

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from nerirepo.publication.read import Kept
from operate.front import create_front

_NOTHING = [(b"content-type", b"text/plain"), (b"content-length", b"2")]


class WithNoOp:
    """`/noop` before everything else: the most that this server can do."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/noop":
            await send({"type": "http.response.start", "status": 200, "headers": _NOTHING})
            await send({"type": "http.response.body", "body": b"ok"})
            return
        await self._app(scope, receive, send)


if __name__ == "__main__":
    if "--forget" in sys.argv:
        Kept.get = lambda *_: None  # type: ignore[method-assign]
    uvicorn.run(WithNoOp(create_front()), port=int(sys.argv[1]), log_level="error", access_log=False)
