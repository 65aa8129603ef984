"""The proxy that docs/ recommend lets through what people send, and says truly who they are."""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn

from operate.supervising.process import free_port
from tests.faults.test_cache_while_down import Server, cache, eventually, is_listening


async def echo(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Says who the client is and how much came."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    body = f"{scope['client'][0]} {size} {scope['scheme']}".encode()
    headers = [(b"cache-control", b"public, max-age=60"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nerirepo-proxy-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def proxy(folder: Path) -> Iterator[str]:
    port = free_port()
    server = Server(
        uvicorn.Config(echo, port=port, log_level="critical", lifespan="off", forwarded_allow_ips="127.0.0.1")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: is_listening(port), "the service listens")
    with cache(folder, port) as address:
        yield address
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/v1/photos/1/bytes", 10_000_000, 200),
        ("/v1/photos/1/bytes", 20_000_000, 200),
        ("/v1/photos/1/bytes", 26_300_000, 413),
        ("/l/report/token", 60_000_000, 200),
        ("/desk/reports/1/actions", 60_000_000, 200),
        ("/l/report/token", 160_000_000, 200),
    ],
)
def test_what_the_service_takes_gets_through(proxy: str, path: str, size: int, status: int) -> None:
    answer = httpx2.put(f"{proxy}{path}", content=bytes(size), timeout=60)
    assert answer.status_code == status
    if status == 200:
        assert answer.text.split()[1] == str(size)


def test_two_clients_are_two_whatever_they_claim(proxy: str) -> None:
    claims = {"X-Forwarded-For": "203.0.113.50", "X-Forwarded-Proto": "https"}
    for own in ("127.0.0.2", "127.0.0.3"):
        with httpx2.Client(transport=httpx2.HTTPTransport(local_address=own)) as client:
            for headers in ({}, claims):
                assert client.get(f"{proxy}/v1/me", headers=headers).text == f"{own} 0 http"


def test_what_is_personal_is_not_kept_and_what_is_public_is(proxy: str) -> None:
    kept = {}
    for path in ("/v1/service", "/l/answer/x", "/desk", "/crew/1", "/staff/reports", "/admin"):
        for _ in range(2):
            kept[path] = httpx2.get(f"{proxy}{path}").headers.get("x-cache")
    assert set(kept.values()) == {None}
    for path in ("/", "/v1/public/reports", "/labels"):
        marks = [httpx2.get(f"{proxy}{path}").headers["x-cache"] for _ in range(2)]
        assert marks == ["MISS", "HIT"], path


def test_head_has_a_length_and_is_no_answer_to_get(proxy: str) -> None:
    head = httpx2.head(f"{proxy}/data/reports.csv")
    got = httpx2.get(f"{proxy}/data/reports.csv")
    assert int(head.headers["content-length"]) == len(got.content) > 0


def test_other_names_are_not_answered(proxy: str) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        httpx2.get(f"{proxy}/", headers={"Host": "evil.example"})


def test_no_secret_of_a_path_is_written_down(proxy: str, folder: Path) -> None:
    httpx2.put(f"{proxy}/l/report/token?secret-of-a-letter", content=bytes(68_000_000), timeout=60)
    httpx2.put(f"{proxy}/v1/photos/1/bytes?secret-of-a-photo", content=bytes(26_300_000), timeout=60)
    written = "".join(path.read_text() for path in folder.glob("*err*"))
    assert "secret-of" not in written
