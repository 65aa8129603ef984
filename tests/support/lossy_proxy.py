"""A bad mobile network: slow, late, and it cuts connections, loses answers and shows login pages, by chance.

The chance comes from a seed, so that a bad day can be had again.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random

_LOGIN = b"<!doctype html><title>Hotel</title><h1>Please sign in</h1>"
LOGIN_PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_LOGIN), _LOGIN)
)
CHUNK = 1400
"""Bytes of a packet."""


@dataclass(frozen=True)
class Network:
    """`bits_per_second` each way; `late` seconds until an answer begins; the rest are shares of requests."""

    bits_per_second: float | None = None
    late: float = 0.0
    cut_request: float = 0.1
    """Cut somewhere on the way there: the service may or may not have acted on it."""
    cut_answer: float = 0.1
    """Cut in the middle of the answer."""
    lose_answer: float = 0.1
    """The service acts and answers; nothing comes back."""
    login_page: float = 0.1
    """Somebody else answers 200."""

    @property
    def fates(self) -> dict[str, float]:
        names = ("cut_request", "cut_answer", "lose_answer", "login_page")
        bad = {name: getattr(self, name) for name in names}
        return bad | {"pass": 1 - sum(bad.values())}


FAST = Network()
SLOW = Network(bits_per_second=50_000, late=0.8)
PERFECT = Network(cut_request=0, cut_answer=0, lose_answer=0, login_page=0)


@dataclass
class LossyProxy:
    """Set `network` at any time. `seen` counts what became of the requests."""

    upstream_port: int
    network: Network = FAST
    seed: int = 1
    seen: Counter[str] = field(default_factory=Counter)
    port: int = 0

    def __post_init__(self) -> None:
        self._random = Random(self.seed)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._carry(reader, writer)
        writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request for each connection, so that each has a fate of its own."""
        head = await reader.readuntil(b"\r\n\r\n")
        network = self.network
        fate = self._random.choices(list(network.fates), list(network.fates.values()))[0]
        self.seen[fate] += 1
        length = _content_length(head)
        if fate == "cut_request":
            length = int(length * self._random.random())
        if fate == "login_page":
            await reader.readexactly(length)
            writer.write(LOGIN_PAGE)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
            return
        back, forth = await asyncio.open_connection("127.0.0.1", self.upstream_port)
        try:
            forth.write(_closing(head))
            await self._pass(reader, forth, length)
            if fate == "cut_request":
                return
            answer = await back.read()
            await asyncio.sleep(network.late)
            if fate == "lose_answer":
                return
            await self._send(answer if fate == "pass" else answer[: len(answer) // 2], writer)
            if fate == "pass":
                writer.close()
                await writer.wait_closed()
        finally:
            forth.close()

    async def _pass(self, reader: asyncio.StreamReader, forth: asyncio.StreamWriter, length: int) -> None:
        while length > 0:
            chunk = await reader.read(min(CHUNK, length))
            if not chunk:
                return
            length -= len(chunk)
            await self._send(chunk, forth)

    async def _send(self, content: bytes, writer: asyncio.StreamWriter) -> None:
        for at in range(0, len(content), CHUNK):
            chunk = content[at : at + CHUNK]
            if self.network.bits_per_second:
                await asyncio.sleep(len(chunk) * 8 / self.network.bits_per_second)
            writer.write(chunk)
            await writer.drain()


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _closing(head: bytes) -> bytes:
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([lines[0], b"Connection: close", *lines[1:]])


@contextmanager
def lossy_proxy(upstream: str, network: Network = FAST, seed: int = 1) -> Iterator[LossyProxy]:
    """A running proxy before the service at `upstream`."""
    proxy = LossyProxy(int(upstream.rpartition(":")[2]), network, seed)
    loop = asyncio.new_event_loop()
    started = threading.Event()

    async def run() -> None:
        server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
        proxy.port = server.sockets[0].getsockname()[1]
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            await asyncio.sleep(0)  # whatever was just accepted becomes a task
            while others := asyncio.all_tasks() - {asyncio.current_task()}:
                for each in others:
                    each.cancel()
                await asyncio.gather(*others, return_exceptions=True)
                await asyncio.sleep(0)

    task = loop.create_task(run())

    def work() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()

    thread = threading.Thread(target=work)
    thread.start()
    started.wait()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
