"""The staff pages as one ASGI app, and its table of contents."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI

from nerirepo.base.settings import settings
from web.body_limit import BodyLimit
from web.security_headers import SecurityHeaders
from web.static_files import StaticFilesWithAge
from web_staff import action, contact, drafts, faults, health, notices, report, sign_in, worklist
from web_staff.area import AREAS
from web_staff.bounds import most_bytes, too_large
from web_staff.pages import STATIC
from web_staff.security import complete


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    # No more threads than connections: one that waits for a connection would only hold up the others.
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings().pool_size
    yield


def create_app() -> FastAPI:
    """The same pages twice: below /desk and below /crew."""
    app = FastAPI(title="ねりレポ 職員", lifespan=_lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    # A redirect would be built from whatever Host the caller claims: see faults.
    app.router.redirect_slashes = False
    faults.install(app)
    app.add_middleware(BodyLimit, most=most_bytes, refusal=too_large)
    app.add_middleware(SecurityHeaders, complete=complete)
    for place in AREAS:
        app.mount(f"/{place}/static", StaticFilesWithAge(directory=STATIC))
        for part in (sign_in, worklist, report, action, contact, drafts, notices):
            app.include_router(part.router, prefix=f"/{place}")
    app.include_router(health.router)
    return app
