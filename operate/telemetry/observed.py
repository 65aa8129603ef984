"""What happened to each request? One line in the log and two figures, and an id that ties all lines together.

The route is the name of the function that answered, never the path: in paths stand numbers, tokens of letters
and, when somebody mistypes, anything.
"""

import re
import time
from typing import Any
from uuid import uuid4

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

HEADER = "X-Request-Id"
ACCEPTABLE = re.compile(r"[0-9A-Fa-f-]{8,64}")
"""Digits of a hexadecimal id and no letters beyond: whatever a client sends here is written into the log."""
UNKNOWN = "unknown"

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

REQUESTS = Counter("nerirepo_requests", "Requests answered.", ["method", "route", "status"])
DURATIONS = Histogram(
    "nerirepo_request_seconds",
    "From the request's head to the answer's end.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


class Observed:
    """An ASGI app under observation. An exception that has been answered ends here, and in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if ACCEPTABLE.fullmatch(given) else str(uuid4())
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        started = time.perf_counter()
        # Never unbound: each request runs in a task of its own.
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, receive, send_with_id)
        except ClientDisconnect:
            log.info("the client went away", route=route_of(scope))
        except Exception:
            log.exception("a fault of ours", route=route_of(scope))
            if not status:
                raise
        finally:
            _note(scope, status, time.perf_counter() - started)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = route_of(scope)
    method = scope["method"] if scope["method"] in METHODS else UNKNOWN
    REQUESTS.labels(method, route, status or "none").inc()
    DURATIONS.labels(route).observe(seconds)
    if ".health." not in route:
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def route_of(scope: Scope) -> str:
    """The name of the function that answered: routers leave the endpoint in the scope that they are given."""
    endpoint: Any = scope.get("endpoint")
    if endpoint is None:
        return UNKNOWN
    named = endpoint if hasattr(endpoint, "__qualname__") else type(endpoint)
    return f"{named.__module__}.{named.__qualname__}"
