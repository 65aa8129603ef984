"""Does a proxy stand before us that does not say, or is not believed, for whom it asks?

All visitors then are one client to us, and share the limits of one: a stranger's wrong sign-ins would shut
out everybody (docs/abuse-limits.md). Counted in memory; only a change is written, for `nerirepo check`.
"""

import asyncio
from collections import Counter
from functools import lru_cache
from ipaddress import ip_address

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from nerirepo.database import noticed
from nerirepo.database.db import transaction

log = structlog.get_logger(__name__)

REQUESTS = 100
"""What is concluded from; without those that ask for our health."""
SHARE = 0.9
"""Of them, so that a single stranger who makes a header up neither raises an alarm nor hides one."""

DIRECT = ""
NOT_TRUSTED = "their X-Forwarded-For is not believed: NERIREPO_TRUSTED_PROXIES must name who sends it"
SAYS_NOTHING = (
    "none says for whom: the proxy there must send X-Forwarded-For (docs/nginx.conf), and "
    "NERIREPO_TRUSTED_PROXIES must name it"
)


class ProxyWatch:
    """An ASGI app before which uvicorn's own middleware has not yet changed the client's address."""

    def __init__(self, app: ASGIApp, trusted: str) -> None:
        self._app = app
        self._trusted = ProxyHeadersMiddleware(app, trusted).trusted_hosts  # type: ignore[arg-type]
        self._seen: Counter[tuple[str, str]] = Counter()
        self._told: str | None = None
        self._telling: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/health/"):
            self._count(scope)
        await self._app(scope, receive, send)

    def _count(self, scope: Scope) -> None:
        peer = (scope.get("client") or ("",))[0]
        names = {name for name, _ in scope["headers"]}
        self._seen[(_sight(peer, names, is_trusted=peer in self._trusted), peer)] += 1
        if self._seen.total() < REQUESTS:
            return
        doubt, self._seen = doubt_of(self._seen), Counter()
        if doubt != self._told:
            self._told = doubt
            self._telling = asyncio.create_task(to_thread.run_sync(self._tell, doubt))

    def _tell(self, doubt: str) -> None:
        if doubt:
            log.error("all visitors seem to be one", why=doubt)
        try:
            with transaction() as session:
                if doubt:
                    noticed.note(session, noticed.PROXY, doubt)
                else:
                    noticed.forget(session, noticed.PROXY)
        except SQLAlchemyError:
            self._told = None  # said again after the next requests


def _sight(peer: str, headers: set[bytes], *, is_trusted: bool) -> str:
    if is_trusted and b"x-forwarded-for" in headers:
        return DIRECT
    if b"x-forwarded-for" in headers or b"forwarded" in headers:
        return NOT_TRUSTED
    return SAYS_NOTHING if is_trusted or _is_inside(peer) else DIRECT


@lru_cache(maxsize=1024)
def _is_inside(peer: str) -> bool:
    """Of this machine or a network of one's own: residents come from elsewhere."""
    try:
        address = ip_address(peer)
    except ValueError:
        return True  # a socket's
    return not address.is_global


def doubt_of(seen: Counter[tuple[str, str]]) -> str:
    """Why these requests' clients cannot be told apart; empty when they can."""
    strange = {each: count for each, count in seen.items() if each[0] != DIRECT}
    if sum(strange.values()) < SHARE * seen.total():
        return ""
    (why, peer), _ = max(strange.items(), key=lambda each: each[1])
    # Somebody's own address is nobody's business: only that of a machine of one's own is named.
    return f"requests come from {peer if _is_inside(peer) else 'outside'}, and {why}"
