"""HTTP as uvicorn's fast parser reads it, with the bound that this parser lacks: a head that never ends would
fill the memory.
"""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_FRAME = 512 * 1024
"""Bytes of a request that are not its body: its head, and what stands around the pieces of a body whose
length was not known, some bytes a piece. They are counted by what comes in one go, which may hold the end of
another request: so it is twice as much as that."""
_REFUSED = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedHttp(HttpToolsProtocol):
    _frame = 0

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        self._frame += len(data)
        if self._frame > LARGEST_FRAME and not self.transport.is_closing():
            self.transport.write(_REFUSED)
            self.transport.close()

    def on_message_begin(self) -> None:
        self._frame = 0
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        self._frame -= len(body)
        super().on_body(body)
