"""The address as it is run, and two paths that do nothing: `python -m benchmarks.server LISTENER [--forget]`.

`LISTENER` is the file descriptor of a listening socket.

`--forget`: nothing that was made is kept, so that each request shows what making costs.
"""

import socket
import sys

from fastapi import FastAPI, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from nerirepo.publication.read import Kept
from operate.serving.front import create_front
from operate.serving.response_cache import ResponseCache
from operate.serving.serve import serve_as_it_is
from operate.telemetry.logs import configure
from operate.telemetry.observed import Observed

_NOTHING = [(b"content-type", b"text/plain"), (b"content-length", b"2")]


_framework = FastAPI(openapi_url=None)


@_framework.get("/noop/endpoint")
async def _endpoint() -> Response:
    return Response(b"ok")


class WithNoOp:
    """Before everything else `/noop`, the most that this server can do, and `/noop/endpoint`, the most that
    FastAPI can with nothing around it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/noop":
            await send({"type": "http.response.start", "status": 200, "headers": _NOTHING})
            await send({"type": "http.response.body", "body": b"ok"})
            return
        known = scope["type"] == "http" and scope["path"] == "/noop/endpoint"
        await (_framework if known else self._app)(scope, receive, send)


if __name__ == "__main__":
    if "--forget" in sys.argv:
        Kept.last = lambda *_: None  # type: ignore[method-assign]
    configure("site")
    app = WithNoOp(Observed(ResponseCache(create_front())))
    print("ready", flush=True)
    serve_as_it_is(app, socket.socket(fileno=int(sys.argv[1])))
