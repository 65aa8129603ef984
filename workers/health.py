"""Does this worker live, and does it reach its queue? Two answers on a loopback port."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import uvicorn
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from nerirepo.base.settings import settings


class _Quietly(uvicorn.Server):
    """Signals are the worker's."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


@contextlib.asynccontextmanager
async def serve_health(app: App) -> AsyncIterator[None]:
    """`/health/live` and `/health/ready` for the length of the block, where a port is set."""
    if not settings().worker_port:
        yield
        return

    async def live(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> JSONResponse:
        try:
            await app.check_connection_async()
        except ConnectorException:
            return JSONResponse({"status": "database away"}, 503, headers={"Retry-After": "5"})
        return JSONResponse({"status": "ok"})

    routes = [Route("/health/live", live), Route("/health/ready", ready)]
    config = uvicorn.Config(
        Starlette(routes=routes),
        host="127.0.0.1",
        port=settings().worker_port,
        log_level="warning",
        lifespan="off",
    )
    server = _Quietly(config)
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving
