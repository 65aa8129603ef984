"""Asking a server again and again, with little work of our own: its rate, and how long one waits."""

import socket
import statistics
import threading
import time
from dataclasses import dataclass
from itertools import cycle

AT_ONCE = 4


@dataclass(frozen=True)
class Measured:
    """Requests a second with `AT_ONCE` askers; milliseconds with one."""

    rate: float
    p50: float
    p95: float


def measure(
    port: int, paths: list[str], seconds: float, headers: dict[str, dict[str, str]] | None = None
) -> Measured:
    """`headers` by path. Raises for whatever is neither 200 nor 304."""
    requests = [_request(path, (headers or {}).get(path, {})) for path in paths]
    _ask(port, requests, seconds / 4)
    waited = sorted(_ask(port, requests, seconds))
    done: list[int] = []
    askers = [
        threading.Thread(
            target=lambda start=start: done.append(
                len(_ask(port, requests[start:] + requests[:start], seconds))
            )
        )
        for start in range(AT_ONCE)
    ]
    began = time.perf_counter()
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    rate = sum(done) / (time.perf_counter() - began)
    return Measured(rate, statistics.median(waited) * 1000, waited[int(len(waited) * 0.95)] * 1000)


def etags(port: int, paths: list[str]) -> dict[str, dict[str, str]]:
    found = {}
    for path in paths:
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(_request(path, {}))
            head = _answer(line)
        etag = head.lower().partition(b"\r\netag: ")[2].partition(b"\r\n")[0].decode()
        found[path] = {"If-None-Match": etag.replace('w/"', 'W/"')}
    return found


def _request(path: str, headers: dict[str, str]) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: localhost",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _ask(port: int, requests: list[bytes], seconds: float) -> list[float]:
    waited = []
    end = time.perf_counter() + seconds
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in cycle(requests):
            began = time.perf_counter()
            if began > end:
                return waited
            line.sendall(request)
            _answer(line)
            waited.append(time.perf_counter() - began)
    return waited


def _answer(line: socket.socket) -> bytes:
    """Read one answer; its head."""
    read = line.recv(1 << 18)
    while b"\r\n\r\n" not in read:
        read += line.recv(1 << 18)
    head, _, body = read.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    if status not in (200, 304):
        raise RuntimeError(f"{status}: {body[:200]!r}")
    length = (
        0 if status == 304 else int(head.lower().partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0])
    )
    missing = length - len(body)
    while missing > 0:
        missing -= len(line.recv(1 << 18))
    return head
