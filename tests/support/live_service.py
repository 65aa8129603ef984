"""The service on a real port, for clients that are programs of their own."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import uvicorn

from nerirepo.base.settings import settings
from operate.serving.bounded_http import BoundedHttp


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None: ...


@contextmanager
def base_url(address: str) -> Iterator[None]:
    """The service calls itself by this address."""
    before = os.environ.get("NERIREPO_BASE_URL")
    os.environ["NERIREPO_BASE_URL"] = address
    settings.cache_clear()
    try:
        yield
    finally:
        if before is None:
            del os.environ["NERIREPO_BASE_URL"]
        else:
            os.environ["NERIREPO_BASE_URL"] = before
        settings.cache_clear()


@contextmanager
def running(app: Any, *, calls_itself_so: bool = True) -> Iterator[str]:
    """Its address, by which it also calls itself, unless it is to call itself as ever."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    # As operate.serving.serve does: what is refused on the wire depends on who reads it.
    server = _Server(
        uvicorn.Config(
            app,
            loop="uvloop",
            http=BoundedHttp,
            ws="none",
            server_header=False,
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    with base_url(address) if calls_itself_so else nullcontext():
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join()
            listening.close()
