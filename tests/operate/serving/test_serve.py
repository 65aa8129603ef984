"""An answer leaves at once, no request's head fills the memory, and none is waited for without end."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from threading import Thread

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from operate.serving import bounded_http
from operate.serving.bounded_http import LARGEST_FRAME, BoundedHttp
from operate.serving.serve import listen


async def counting(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    if scope["path"] == "/slowly":
        await asyncio.sleep(1.5)
    await PlainTextResponse(str(len(body)))(scope, receive, send)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_http, "PATIENCE", 0.5)


@pytest.fixture
def line() -> Iterator[socket.socket]:
    """A connection to a server that tells how long each body was."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(counting, loop="uvloop", http=BoundedHttp, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        with socket.create_connection(listener.getsockname(), timeout=30) as connection:
            yield connection
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def answer(line: socket.socket) -> bytes:
    read = line.recv(65536)
    while b"\r\n\r\n" not in read:
        read += line.recv(65536)
    return read


def just_too_long(beginning: bytes, piece: bytes) -> bytes:
    """To the byte: nothing is left unread when the connection is closed, which would reset it."""
    return (beginning + piece * LARGEST_FRAME)[: LARGEST_FRAME + 1]


def test_the_end_of_an_answer_does_not_wait_for_the_client_to_acknowledge_its_beginning() -> None:
    with closing(listen("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [(b"GET /", b"x"), (b"GET / HTTP/1.1\r\nX-Long: ", b"x"), (b"GET / HTTP/1.1\r\n", b"A: b\r\n")],
)
def test_a_head_without_an_end_is_refused(line: socket.socket, beginning: bytes, piece: bytes) -> None:
    line.sendall(just_too_long(beginning, piece))
    assert answer(line).startswith(b"HTTP/1.1 431 ")
    assert line.recv(1) == b""


def test_a_long_body_is_taken_whole_or_in_pieces_and_the_next_request_too(line: socket.socket) -> None:
    length = 4 * LARGEST_FRAME
    for _ in range(2):
        line.sendall(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % length + b"x" * length)
        assert answer(line).endswith(str(length).encode())
    line.sendall(b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(length // 1024):
        line.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
    line.sendall(b"0\r\n\r\n")
    assert answer(line).endswith(str(length).encode())


def test_pieces_without_a_body_are_refused(line: socket.socket) -> None:
    head = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    line.sendall(just_too_long(head, b"X-Trailer: %s\r\n" % (b"x" * 1000)))
    assert answer(line).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "beginning",
    [b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n", b"GET / HTTP/1.1\r\nX-Long: "],
)
def test_a_request_that_trickles_is_ended(impatient: None, line: socket.socket, beginning: bytes) -> None:
    line.sendall(beginning)
    line.settimeout(0.02)
    answered = b""
    while b"\r\n\r\n" not in answered:
        try:
            answered += line.recv(65536)
        except TimeoutError:
            line.sendall(b"x")
    assert answered.startswith(b"HTTP/1.1 408 ")
    line.settimeout(30)
    assert line.recv(1) == b""


def test_a_connection_on_which_nothing_is_asked_is_closed_without_a_word(
    impatient: None, line: socket.socket
) -> None:
    assert line.recv(1) == b""


def test_an_honest_phone_may_take_longer_than_our_patience(impatient: None, line: socket.socket) -> None:
    pieces, piece = 20, b"x" * 20_000  # worth twenty seconds each
    length = pieces * len(piece)
    line.sendall(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % length)
    for _ in range(pieces):
        line.sendall(piece)
        time.sleep(0.05)
    assert answer(line).endswith(str(length).encode())


def test_an_answer_may_take_longer_than_our_patience(impatient: None, line: socket.socket) -> None:
    line.sendall(b"GET /slowly HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answer(line).endswith(b"0")
