"""How is an ASGI app served over HTTP?"""

import socket
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

SECONDS_TO_FINISH = 5
"""For requests that are being answered when the process is asked to stop."""


def serve(app: ASGIApp, listener: socket.socket, *, certificate: tuple[Path, Path] | None = None) -> None:
    """Serve on the listening socket until SIGINT or SIGTERM; `certificate` is (chain, key), PEM."""
    config = uvicorn.Config(
        app,
        access_log=False,  # paths of letters' links are secrets, addresses personal data
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        ssl_certfile=certificate[0] if certificate else None,
        ssl_keyfile=certificate[1] if certificate else None,
    )
    uvicorn.Server(config).run(sockets=[listener])
