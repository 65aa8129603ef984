"""What everybody may read is answered from memory, for as long as nothing that is published changes.

An app says of an answer with an ETag that it depends on nothing but the path, some parameters, the language,
the day and a revision of what is published: `request.state.cache_revision = revision` and `cache_parameters`,
the parameters' names. Asked for the same again, one small question to the database, for the revision, is all
that is needed; routing, templates and compression are spared. What is hidden is gone at once, in every
process: docs/decisions/0015-pages-are-kept-while-nothing-changes.md.

Whatever a stranger invents to fill our memory is answered and not kept: a long address, parameters that mean
nothing, parameters said twice.
"""

import asyncio
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import psycopg
from psycopg import AsyncConnection
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nerirepo.base import clock
from nerirepo.catalogue.offered import Offered, awaited
from nerirepo.database.db import public_connection
from nerirepo.publication import read
from nerirepo.publication.read import Kept
from web import etags
from web.accept_language import chosen

AT_MOST_BYTES = 64 * 1024 * 1024
"""In each process."""
LONGEST_ADDRESS = 500
"""Bytes of path and query: enough for every filter at once, with a few Japanese words."""
LONGEST_LEVEL = 4


@dataclass(frozen=True)
class _Asked:
    """All that an answer may depend on beside what is published. Headers as the apps read them."""

    path: str
    query: bytes
    language: str
    compressed: bool
    level: str | None
    """Of the contract: what is about to end is said in headers."""
    day: date

    @classmethod
    def of(cls, scope: Scope, headers: Headers, offer: Offered) -> "_Asked":
        return cls(
            scope["path"],
            scope["query_string"],
            chosen(headers.get("accept-language"), offer.languages),
            "gzip" in headers.get("accept-encoding", ""),
            headers.get("contract-level"),
            clock.today_in_japan(),
        )


@dataclass(frozen=True)
class _Answer:
    endpoint: Any
    """The function that made it, for the log."""
    headers: list[tuple[bytes, bytes]]
    body: bytes | None
    """None where nobody has asked for it yet but people who hold it."""

    @property
    def etag(self) -> str:
        return Headers(raw=self.headers)["etag"]

    @property
    def size(self) -> int:
        """In bytes."""
        return sys.getsizeof(self.body) + sum(
            sys.getsizeof(pair) + sum(map(sys.getsizeof, pair)) for pair in self.headers
        )

    async def say(self, is_held: bool, send: Send) -> None:
        start: Message = {"type": "http.response.start", "status": 200, "headers": list(self.headers)}
        if is_held:
            start["status"] = 304
            headers = MutableHeaders(scope=start)
            del headers["content-length"], headers["content-encoding"]
        await send(start)
        await send({"type": "http.response.body", "body": b"" if is_held else self.body})


class ResponseCache:
    """An ASGI app before another one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._answers = Kept[_Answer](AT_MOST_BYTES)
        self._revision = _Revision()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            try:
                await self._app(scope, receive, send)
            finally:
                await self._revision.close()
            return
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _is_long(scope, headers):
            await self._app(scope, receive, send)
            return
        asked = _Asked.of(scope, headers, await awaited())
        if kept := self._answers.last(asked):
            revision, answer = kept
            is_held = etags.is_held(headers.getlist("if-none-match"), answer.etag)
            if (is_held or answer.body is not None) and revision == await self._revision.now():
                scope["endpoint"] = answer.endpoint
                await answer.say(is_held, send)
                return
        await self._app(scope, receive, self._keeping(asked, scope, send))

    def _keeping(self, asked: _Asked, scope: Scope, send: Send) -> Send:
        state: dict[str, Any] = scope.setdefault("state", {})
        start: Message = {}
        body = bytearray()

        async def send_and_keep(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message, "headers": list(message["headers"])}
            elif start["status"] in (200, 304) and (revision := state.get("cache_revision")):
                body.extend(message.get("body", b""))
                if not message.get("more_body") and _has_only(state["cache_parameters"], asked.query):
                    whole = bytes(body) if start["status"] == 200 else None
                    made = _Answer(scope.get("endpoint"), start["headers"], whole)
                    self._answers.keep(revision, asked, made, made.size)
            await send(message)

        return send_and_keep


def _is_long(scope: Scope, headers: Headers) -> bool:
    address = len(scope["path"].encode(errors="surrogatepass")) + len(scope["query_string"])
    return address > LONGEST_ADDRESS or len(headers.get("contract-level", "")) > LONGEST_LEVEL


def _has_only(parameters: frozenset[str], query: bytes) -> bool:
    """Nothing beside these, and each once."""
    asked = [name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)]
    return parameters.issuperset(asked) and len(set(asked)) == len(asked)


class _Revision:
    """What is published now, read after it was asked for. Those who ask meanwhile share the next reading.

    On a connection of its own and without a thread: pages that are being made keep nobody waiting here.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._next: asyncio.Task[str | None] | None = None
        self._line: AsyncConnection[Any] | None = None

    async def now(self) -> str | None:
        """None while the database does not answer: how that is said the app knows."""
        if self._next is None:
            self._next = asyncio.create_task(self._read())
        return await asyncio.shield(self._next)  # one who goes away takes it from nobody else

    async def _read(self) -> str | None:
        async with self._turn:
            self._next = None  # who comes from now on may know of a change that this reading does not
            try:
                if self._line is None or self._line.closed:
                    self._line = await public_connection()
                return await read.revision_by(self._line)
            except psycopg.Error:
                return None

    async def close(self) -> None:
        if self._line:
            await self._line.close()
