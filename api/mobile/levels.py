"""Which levels of the contract are served, and what is about to end?

An app says in `Contract-Level` which level it was built for; one that says nothing (a browser, curl) is taken
as new. When a level has ended the app is told to be updated, and yet what its owner has written is taken for
another year: a phone may come out of a drawer with posts in its queue.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Header
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import rendered
from nerirepo.base import clock
from nerirepo.base.errors import ServiceError
from web.errors import AppTooOld


@dataclass(frozen=True)
class Level:
    """`ends_on`: the first day, in Japan, on which apps of this level are told to be updated."""

    number: int
    deprecated_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Deprecation:
    """A route that will go. `path` as the contract writes it: /v1/reports/{report_id}."""

    method: str
    path: str
    deprecated_on: date
    ends_on: date


LEVELS = (Level(1), Level(2))
"""All that ever were, oldest first. A level is deprecated a year before it ends: see compatibility.md."""
DEPRECATED: tuple[Deprecation, ...] = ()

LEVEL = LEVELS[-1].number
"""Of the contract that is served; rises with each addition that an app can rely on."""
POSTS_ARE_TAKEN_FOR = timedelta(days=365)
"""After a level has ended."""
POSTS = (
    ("PUT", "/v1/photos/{photo_id}"),
    ("PUT", "/v1/photos/{photo_id}/bytes"),
    ("PUT", "/v1/reports/{report_id}"),
)
ANSWERED_FOR_EVER = (("GET", "/v1/service"),)
"""There an app reads the minimum level."""

PageOf = Callable[[Request, ServiceError], Response]

HEADER = "Contract-Level"
Said = Annotated[
    int | None, Header(alias=HEADER, ge=1, description="The level of the contract that the app was built for")
]


async def declared(level: Said = None) -> int | None:
    """Puts the header into the contract; `Levels` acts on it before any route is reached."""
    return level


Declared = Annotated[int | None, Depends(declared)]
"""The level of the app that asks; None where it says nothing, and knows everything."""


def minimum_level(today: date, levels: tuple[Level, ...] = LEVELS) -> int:
    """The oldest that is still served."""
    return next(each.number for each in levels if each.ends_on is None or today < each.ends_on)


class Levels:
    """Refuses apps whose level has ended, and warns those whose level or route is about to."""

    def __init__(
        self,
        app: ASGIApp,
        levels: tuple[Level, ...] = LEVELS,
        deprecated: tuple[Deprecation, ...] = DEPRECATED,
        page_of: PageOf | None = None,
    ) -> None:
        self._app, self._levels, self._deprecated, self._page_of = app, levels, deprecated, page_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        level = self._level(headers.get(HEADER, ""))
        asked = (scope["method"], scope["path"])
        if level and _has_ended(level, asked, clock.today_in_japan()):
            await self._refuse(scope, receive, headers, send)
            return
        endings = list(self._endings(level, asked))

        async def send_with_warning(message: Message) -> None:
            if message["type"] == "http.response.start" and endings:
                since, until = min(each[0] for each in endings), min(each[1] for each in endings)
                answer = MutableHeaders(scope=message)
                answer["Deprecation"] = f"@{_midnight(since).timestamp():.0f}"
                answer["Sunset"] = format_datetime(_midnight(until), usegmt=True)
            await send(message)

        await self._app(scope, receive, send_with_warning)

    async def _refuse(self, scope: Scope, receive: Receive, headers: Headers, send: Send) -> None:
        # An old app may show what it is sent in a browser: that is a page to read.
        if self._page_of and "text/html" in headers.get("accept", ""):
            answer = await to_thread.run_sync(self._page_of, Request(scope), AppTooOld())
        else:
            answer = rendered(AppTooOld(), headers.get("accept-language"))
        await answer(scope, receive, send)

    def _level(self, said: str) -> Level | None:
        return next((each for each in self._levels if str(each.number) == said.strip()), None)

    def _endings(self, level: Level | None, asked: tuple[str, str]) -> Iterator[tuple[date, date]]:
        if level and level.deprecated_on and level.ends_on:
            yield level.deprecated_on, level.ends_on
        for each in self._deprecated:
            if _is_one_of(asked, ((each.method, each.path),)):
                yield each.deprecated_on, each.ends_on


def _has_ended(level: Level, asked: tuple[str, str], today: date) -> bool:
    if level.ends_on is None or today < level.ends_on or _is_one_of(asked, ANSWERED_FOR_EVER):
        return False
    return today >= level.ends_on + POSTS_ARE_TAKEN_FOR or not _is_one_of(asked, POSTS)


def _is_one_of(asked: tuple[str, str], routes: tuple[tuple[str, str], ...]) -> bool:
    method, path = asked
    return any(method == each and compile_path(template)[0].match(path) for each, template in routes)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.JST).astimezone(UTC)
