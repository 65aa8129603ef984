"""Asking a server again and again, with little work of our own: its rate, and how long one waits."""

import json
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import Any

AT_ONCE = 8


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""

    def written(self) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: localhost"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.method != "GET":
            lines.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + self.body


def get(path: str, **headers: str) -> Request:
    return Request("GET", path, headers)


def put(path: str, content: dict[str, Any], **headers: str) -> Request:
    return Request("PUT", path, {"Content-Type": "application/json", **headers}, json.dumps(content).encode())


@dataclass(frozen=True)
class Measured:
    """Answers a second; milliseconds of half of them, and of 95 %; how many there were."""

    rate: float
    p50: float
    p95: float
    answers: int


def measure(port: int, requests: Iterator[Request], seconds: float, at_once: int = AT_ONCE) -> Measured:
    """`at_once` askers for so many seconds. Raises for whatever is not 200, 201 or 304, and when `requests`
    end before the time does."""
    began = time.perf_counter()
    waited = _ask(port, requests, began + seconds, at_once)
    took = time.perf_counter() - began
    in_order = sorted(waited)
    return Measured(
        len(waited) / took,
        statistics.median(in_order) * 1000,
        in_order[int(len(in_order) * 0.95)] * 1000,
        len(waited),
    )


def turn(requests: list[Request]) -> Callable[[], Request]:
    """One after the other, for ever."""
    return partial(next, cycle(requests))


def etag(port: int, request: Request) -> str:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(request.written())
        asker = _Asker(line)
        while not asker.hear():
            pass
    return asker.header(b"etag")


def _ask(port: int, requests: Iterator[Request], end: float, at_once: int) -> list[float]:
    """One thread for all askers: several would wait for each other."""
    waited = []
    with selectors.DefaultSelector() as lines:
        for _ in range(at_once):
            line = socket.create_connection(("127.0.0.1", port))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            asker = _Asker(line)
            asker.say(next(requests))
            lines.register(line, selectors.EVENT_READ, asker)
        while lines.get_map():
            for key, _ in lines.select():
                asker = key.data
                if not asker.hear():
                    continue
                now = time.perf_counter()
                waited.append(now - asker.began)
                if now < end:
                    asker.say(next(requests))
                else:
                    lines.unregister(asker.line)
                    asker.line.close()
    return waited


class _Asker:
    """One connection, with one question at a time."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.began = 0.0
        self._read = b""

    def say(self, request: Request) -> None:
        written = request.written()
        self._read, self.began = b"", time.perf_counter()
        self.line.sendall(written)

    def hear(self) -> bool:
        """Read what has come; is the answer whole?"""
        came = self.line.recv(1 << 18)
        if not came:
            raise RuntimeError("the server hung up")
        self._read += came
        head, end, body = self._read.partition(b"\r\n\r\n")
        if not end:
            return False
        status = int(head[9:12])
        if status != 304 and len(body) < int(self.header(b"content-length")):
            return False
        if status not in (200, 201, 304):
            raise RuntimeError(f"{status}: {body[:500]!r}")
        return True

    def header(self, name: bytes) -> str:
        head = self._read.partition(b"\r\n\r\n")[0]
        found = next(line for line in head.split(b"\r\n") if line.lower().startswith(name + b":"))
        return found.partition(b":")[2].strip().decode()
