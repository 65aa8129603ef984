"""Who answers which path of the one address?"""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

API = ("/v1", "/staff", "/l", "/docs", "/openapi.json", "/health")
STAFF_PAGES = ("/desk", "/crew")


class Front:
    """One ASGI app before several; each path prefix has its app, all other paths have `otherwise`."""

    def __init__(self, doors: dict[tuple[str, ...], Starlette], otherwise: Starlette) -> None:
        self._by_segment: dict[str, ASGIApp] = {
            prefix: app for prefixes, app in doors.items() for prefix in prefixes
        }
        self._otherwise = otherwise
        self._lifespan = Starlette(lifespan=_together([*doors.values(), otherwise]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
            return
        # A path need not begin with a slash: `OPTIONS *` asks about the server, and some ask for anything.
        first_segment = "/" + scope["path"].removeprefix("/").split("/", 1)[0]
        door = self._by_segment.get(first_segment) if scope["path"].startswith("/") else None
        await (door or self._otherwise)(scope, receive, send)


def _together(apps: list[Starlette]) -> Callable:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in apps:
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    return lifespan


def create_api() -> FastAPI:
    """The API, and the pages that residents open from letters."""
    import web_residents
    from api.app import create_app
    from web_residents.failure import failure

    return create_app(web_residents.router, failure)


def create_front() -> Front:
    """Everything under one address."""
    from web_public.app import create_app as create_public_site
    from web_staff.app import create_app as create_staff_site

    return Front({API: create_api(), STAFF_PAGES: create_staff_site()}, otherwise=create_public_site())


def create_web() -> Front:
    """The pages without the API."""
    from web_public.app import create_app as create_public_site
    from web_staff.app import create_app as create_staff_site

    return Front({STAFF_PAGES: create_staff_site()}, otherwise=create_public_site())
