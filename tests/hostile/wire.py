"""A request as bytes on the wire, which no client library would send; and what comes back."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

PATIENCE = 30.0


@dataclass(frozen=True)
class Answer:
    """`status` 0: the connection was closed without a word, as for what is no HTTP at all."""

    status: int
    headers: dict[str, str]
    body: bytes


def raw(address: str, sent: bytes) -> Answer:
    """Send bytes and read until the other side has no more to say."""
    where = urlsplit(address)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=PATIENCE) as line:
        came = b""
        with suppress(ConnectionError):  # refused before all of it was read
            line.sendall(sent)
            while chunk := line.recv(65536):
                came += chunk
    return _read(came)


def request(
    address: str,
    method: str,
    target: bytes | str,
    headers: dict[str, bytes | str] | None = None,
    body: bytes = b"",
) -> Answer:
    """`Host` and `Connection: close` are added where `headers` do not have them."""
    lines = {"Host": urlsplit(address).netloc, "Connection": "close"} | (headers or {})
    head = b" ".join((method.encode(), _bytes(target), b"HTTP/1.1"))
    for name, value in lines.items():
        head += b"\r\n" + name.encode() + b": " + _bytes(value)
    return raw(address, head + b"\r\n\r\n" + body)


def _bytes(value: bytes | str) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def _read(came: bytes) -> Answer:
    head, _, body = came.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    status = int(first.split(" ")[1]) if first.startswith("HTTP/1.1 ") else 0
    headers = dict(line.split(": ", 1) for line in lines if ": " in line)
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)
