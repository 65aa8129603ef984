"""What an app costs on a slow network, in bytes as they go over the wire. (TLS comes on top.)"""

import gzip
import json
import socket
from dataclasses import dataclass
from typing import Any

from nerirepo.base.ids import uuid7
from nerirepo.database.db import transaction
from nerirepo.reports.tables import PhotoRole
from tests.factories import Person, a_reporter, a_submission
from tests.factories.public_reports import add_photo, add_report, publish_now

A_REPORT = 2 * 1024
"""Without photos: the app's headers and body, and the answer with its headers."""
A_LIST_ITEM = 600
"""Compressed."""
A_FIRST_SCREEN = 50 * 1024
"""Service, categories and one's own list."""
A_PAGE = 20

WORDS = "夜になると真っ暗で、こわいです。公園の入口から二本目の街灯で、先週の火曜日から消えたままです。"


@dataclass(frozen=True)
class Exchange:
    status: int
    bytes: int
    """Sent and received."""
    body_bytes: int
    """As received, compressed."""
    content: Any


def exchange(port: int, method: str, path: str, person: Person | None = None, body: Any = None) -> Exchange:
    """One request as an app's HTTP library sends it, on a connection of its own."""
    payload = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() if body else b""
    headers = {
        "Host": "nerirepo.city.nerima.tokyo.jp",
        "User-Agent": "Nerirepo/3.2.1 (jp.tokyo.nerima.nerirepo; build:412; iOS 19.1.0)",
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Accept-Language": "ja-JP,ja;q=0.9",
        "Contract-Level": "1",
        **({"Authorization": f"Bearer {person.token}"} if person else {}),
        **({"Content-Type": "application/json", "Content-Length": str(len(payload))} if body else {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + payload
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        answer = connection.makefile("rb")
        status_line = answer.readline()
        lines = list(iter(answer.readline, b"\r\n"))
        named = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        received = answer.read(int(named[b"content-length"]))
    received_bytes = len(status_line) + sum(map(len, lines)) + len(b"\r\n") + len(received)
    plain = gzip.decompress(received) if named.get(b"content-encoding") == b"gzip" else received
    return Exchange(
        status=int(status_line.split()[1]),
        bytes=len(request) + received_bytes,
        body_bytes=len(received),
        content=json.loads(plain),
    )


def send(port: int, person: Person, words: str = WORDS) -> Exchange:
    body = a_submission(description=words, category="lamp.out", observed_at="2026-11-23T19:04:11+09:00")
    return exchange(port, "PUT", f"/v1/reports/{uuid7()}", person, body)


def test_a_report_without_photos_costs_two_kilobytes(port: int) -> None:
    sent = send(port, a_reporter())
    assert sent.status == 201
    assert sent.bytes <= A_REPORT, f"{sent.bytes} bytes"


def test_an_item_of_a_list_costs_six_hundred_bytes(port: int) -> None:
    hanako = a_reporter()
    send(port, hanako)
    for path in ("/v1/me/reports", "/v1/changes"):
        alone = exchange(port, "GET", path, hanako)
        assert alone.body_bytes <= A_LIST_ITEM, f"{path}: {alone.body_bytes} bytes"
    for number in range(A_PAGE - 1):
        send(port, hanako, words=f"{WORDS} {number}")
    page = exchange(port, "GET", f"/v1/me/reports?limit={A_PAGE}", hanako)
    assert len(page.content["reports"]) == A_PAGE
    assert page.body_bytes / A_PAGE <= A_LIST_ITEM


def test_an_item_of_the_public_list_with_its_photo_costs_no_more(port: int) -> None:
    with transaction() as session:
        reports = [add_report(session) for _ in range(A_PAGE)]
        for report in reports:
            add_photo(session, report, role=PhotoRole.BEFORE)
    for report in reports:
        publish_now(report.id)
    page = exchange(port, "GET", f"/v1/public/reports?limit={A_PAGE}")
    assert len(page.content["reports"]) == A_PAGE
    assert page.body_bytes / A_PAGE <= A_LIST_ITEM, f"{page.body_bytes} bytes"


def test_a_first_screen_costs_fifty_kilobytes(port: int) -> None:
    hanako = a_reporter()
    for number in range(A_PAGE):
        send(port, hanako, words=f"{WORDS} {number}")
    asked = (("/v1/service", None), ("/v1/categories", None), ("/v1/me/reports", hanako))
    answers = [exchange(port, "GET", path, person) for path, person in asked]
    assert [each.status for each in answers] == [200, 200, 200]
    total = sum(each.bytes for each in answers)
    assert total <= A_FIRST_SCREEN, f"{total} bytes"
