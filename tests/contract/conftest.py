"""The API on a real port, for what must be seen on the wire."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from api.app import create_app


class Server(uvicorn.Server):
    def install_signal_handlers(self) -> None: ...


@pytest.fixture
def port(database: Path, storage: None) -> Iterator[int]:
    """Where the API listens, on 127.0.0.1; served as `operate.serve` does."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(uvicorn.Config(create_app(), log_level="warning", server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join()
    listening.close()
