"""How is an ASGI app served over HTTP, and on what?"""

import gc
import socket
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from nerirepo.base.settings import settings
from nerirepo.database import shared_clock
from operate.serving.bounded_http import BoundedHttp
from operate.serving.proxy_watch import ProxyWatch
from operate.serving.response_cache import ResponseCache
from operate.telemetry.observed import Observed

SECONDS_TO_FINISH = 5
"""For requests that are being answered when the process is asked to stop."""


def serve(app: ASGIApp, listener: socket.socket, *, certificate: tuple[Path, Path] | None = None) -> None:
    """Serve on the listening socket until SIGINT or SIGTERM; `certificate` is (chain, key), PEM."""
    with shared_clock.synchronised():
        serve_as_it_is(Observed(ResponseCache(app)), listener, certificate=certificate)


def serve_as_it_is(
    app: ASGIApp, listener: socket.socket, *, certificate: tuple[Path, Path] | None = None
) -> None:
    """As `serve`, without observing what happens to each request, and keeping nothing."""
    config = uvicorn.Config(
        told_apart(app),
        loop="uvloop",
        http=BoundedHttp,
        ws="none",
        access_log=False,  # paths of letters' links are secrets, addresses personal data: see Observed
        log_config=None,
        proxy_headers=False,  # see told_apart
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        ssl_certfile=certificate[0] if certificate else None,
        ssl_keyfile=certificate[1] if certificate else None,
    )
    # What was loaded stays: the collector need not walk through it again and again.
    gc.collect()
    gc.freeze()
    uvicorn.Server(config).run(sockets=[listener])


def told_apart(app: ASGIApp) -> ASGIApp:
    """The app with each client's own address: behind a proxy all would share its one, and one's limits."""
    if trusted := settings().trusted_proxies:
        app = ProxyHeadersMiddleware(app, trusted)  # type: ignore[arg-type,assignment]
    if settings().environment == "production":
        app = ProxyWatch(app, trusted)
    return app


class PortTaken(Exception):
    """Another program listens there."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises PortTaken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Its connections inherit it. Without, the end of an answer waits for the client to acknowledge the
        # beginning, which it does after 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as fault:
        listener.close()
        raise PortTaken(f"Cannot listen on {host}, port {port}: {fault.strerror}. Try --port.") from None
    return listener
