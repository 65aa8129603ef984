"""The table of contents of the API, and how it is put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import anyio.to_thread
from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api import docs, health, problems, security, staff
from api.concurrency_limit import ConcurrencyLimit
from api.head import AnswersHead
from api.mobile import router as mobile
from api.mobile.document import document
from api.mobile.levels import LEVEL, Levels, PageOf
from api.security import complete, most_bytes, too_large
from nerirepo.base.settings import settings
from web.body_limit import BodyLimit
from web.security_headers import SecurityHeaders

SMALLEST_TO_COMPRESS = 400
"""Bytes: less fits into one packet as it is."""
COMPRESSION = 5
"""Of 9, which takes three times as long, while everybody waits, for 3 % fewer bytes."""


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    # No more threads than connections: one that waits for a connection would only hold up the others.
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings().pool_size
    yield


def create_app(pages: APIRouter | None = None, page_of: PageOf | None = None) -> FastAPI:
    """The API as one ASGI app. In its process and through its gate go `pages` for people, too.

    `page_of` is how an error looks there: an old app shows in a browser that it must be updated.
    """
    app = FastAPI(title="ねりレポ API", version=str(LEVEL), lifespan=_lifespan, docs_url=None, redoc_url=None)
    # A redirect would be built from whatever Host the caller claims.
    app.router.redirect_slashes = False
    problems.install(app)
    security.install(app)
    # With errors as they are, and not as the framework thinks.
    app.openapi = cache(lambda: document(app.router))
    app.add_middleware(ConcurrencyLimit)
    app.add_middleware(BodyLimit, most=most_bytes, refusal=too_large)
    app.add_middleware(Levels, page_of=page_of)
    app.add_middleware(SecurityHeaders, complete=complete)
    app.add_middleware(AnswersHead)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_TO_COMPRESS, compresslevel=COMPRESSION)
    app.include_router(mobile)
    app.include_router(staff.router)
    if pages:
        app.include_router(pages)
    app.include_router(docs.router)
    app.include_router(health.router)
    return app
