"""HTTP as uvicorn's fast parser reads it, with the bounds that this parser lacks: a head without an end would
fill the memory, and a request that only trickles would hold its connection for ever.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_FRAME = 512 * 1024
"""Bytes of a request that are not its body: its head, and what stands around the pieces of a body whose
length was not known, some bytes a piece. They are counted by what comes in one go, which may hold the end of
another request: so it is twice as much as that."""
PATIENCE = 60
"""Seconds in which nothing need come: a phone in a lift comes out of it again."""
SLOWEST = 1000
"""Bytes a second with which a request must come beyond that, on average: 8 kbit/s, since our client for apps
gives up at 10. The whole may take as long as it takes: a photo on a bad network takes minutes."""

_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedHttp(HttpToolsProtocol):
    _frame = 0
    _awaited_since: float | None = None
    """By the loop's clock, while a request is to come or on its way."""
    _arrived = 0
    """Bytes since then."""
    _alarm: asyncio.TimerHandle | None = None
    """One for all requests of a connection: setting one for each would cost each."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._alarm:
            self._alarm.cancel()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._arrived += len(data)
        super().data_received(data)
        self._frame += len(data)
        if self._frame > LARGEST_FRAME:
            self._refuse(_TOO_LONG)

    def on_message_begin(self) -> None:
        self._frame = 0
        self._await_request()
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        self._frame -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._awaited_since = None
        super().on_message_complete()

    def _await_request(self) -> None:
        self._awaited_since, self._arrived = self.loop.time(), 0
        if self._alarm is None:
            self._alarm = self.loop.call_later(PATIENCE, self._look)

    def _look(self) -> None:
        self._alarm = None
        if self._awaited_since is None or self.transport.is_closing():
            return
        if self.flow.read_paused:  # it is we who take nothing at the moment
            self._awaited_since = self.loop.time()
        left = self._awaited_since + PATIENCE + self._arrived / SLOWEST - self.loop.time()
        if left > 0:
            self._alarm = self.loop.call_later(left, self._look)
        elif self._arrived:
            self._refuse(_TOO_SLOW)
        else:
            self.transport.close()  # opened by a browser in advance, for nothing

    def _refuse(self, answer: bytes) -> None:
        if self.transport.is_closing():
            return
        is_answering = self.cycle and self.cycle.response_started and not self.cycle.response_complete
        if not is_answering:
            self.transport.write(answer)
        self.transport.close()
