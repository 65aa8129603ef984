"""An object store on a bad day: it stands between the service and a real one, and does as it is told.

Signatures stay valid, since what the service has signed (the host above all) is passed on as it came.
"""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOP = {"connection", "expect", "keep-alive", "transfer-encoding"}
"""Headers that speak of one line and not of the request."""
MISSING = b"<Error><Code>NoSuchKey</Code><Message>not yet</Message></Error>"
BUSY = b"<Error><Code>SlowDown</Code><Message>please reduce your rate</Message></Error>"


class BadStore:
    """`cuts`: of what is read comes half, and then the line ends; `halves`: half, as if that were all;
    `hides()`: what is written is acknowledged and not found; `is_busy`: everything is answered 503."""

    def __init__(self, endpoint: str) -> None:
        self.cuts = self.halves = self.is_busy = False
        self._hidden: set[str] | None = None
        self.hit = 0
        """Answers that were spoilt."""
        self._real = urlsplit(endpoint)

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Yields the endpoint to give to the service."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            serving.join()
            server.server_close()

    @contextmanager
    def hides(self) -> Iterator[None]:
        self._hidden = set()
        try:
            yield
        finally:
            self._hidden = None

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any, bytes]:
        """Status, headers and body that the real store gives, or what becomes of them today."""
        key, hidden = urlsplit(path).path, self._hidden
        if self.is_busy:
            self.hit += 1
            return 503, {}, BUSY
        if hidden is not None and method in ("GET", "HEAD") and key in hidden:
            self.hit += 1
            return 404, {}, MISSING
        line = http.client.HTTPConnection(self._real.hostname or "", self._real.port, timeout=30)
        try:
            line.request(method, path, body, headers)
            given = line.getresponse()
            content = given.read()
        finally:
            line.close()
        if hidden is not None and method == "PUT" and given.status == 200:
            hidden.add(key)
        return given.status, given.headers, content


def _handler(store: BadStore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            status, given, content = store.answer(self.command, self.path, asked, body)
            is_object = self.command == "GET" and status == 200 and "list-type" not in self.path
            length = given.get("Content-Length", len(content)) if self.command == "HEAD" else len(content)
            if is_object and (store.cuts or store.halves):
                store.hit += 1
                content = content[: len(content) // 2]
                length = len(content) if store.halves else length
            self.send_response(status)
            for name, value in given.items():
                if name.lower() not in HOP | {"content-length"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = self.close_connection or len(content) < int(length)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass_on

        def log_message(self, format: str, *given: object) -> None: ...

    return Handler
