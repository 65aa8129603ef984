"""A resident's app: whatever it has is sent until it is acknowledged."""

import re
import socket
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from nerirepo.base.ids import uuid7
from tests.faults.client import Client, a_jpeg, send_photo
from tests.faults.ledger import Ledger
from tests.faults.service import PATIENCE, Service, eventually

PLACE = {"lat": 35.7356, "lon": 139.6522}


class Phone(Client):
    """A resident's app: whatever it has is sent until it is acknowledged, and the same again now and then."""

    def __init__(
        self, service: Service, ledger: Ledger, name: str, url: str | None = None, within: float = PATIENCE
    ) -> None:
        """Signs in; its letter with the code has to come `within` so many seconds."""
        super().__init__(url or service.url, ledger)
        self.name = name
        self.address = f"{name}.{uuid7().hex[-8:]}@example.jp"
        self.queue: deque[dict[str, Any]] = deque()
        self.sent: list[dict[str, Any]] = []
        self._sign_in(service, within)

    def _sign_in(self, service: Service, within: float) -> None:
        with httpx2.Client(base_url=service.url, timeout=30) as http:
            begun = http.post("/v1/sign-in", json={"email": self.address, "locale": "ja"})
            assert begun.status_code == 202, begun.text
            (letter, *_) = eventually(
                lambda: service.post_office.letters_to(self.address), "the letter with the code", within
            )
            body = letter.message.get_body(("plain",))
            assert body
            code = re.search(r"\b\d{6}\b", body.get_content())
            assert code
            url = f"/v1/sign-in/{begun.json()['challenge_id']}"
            done = http.post(url, json={"code": code[0], "eligibility": "lives"})
            assert done.status_code == 200, done.text
        self.headers = {"Authorization": f"Bearer {done.json()['token']}"}

    @classmethod
    def of(cls, phone: "Phone", service: Service) -> "Phone":
        """Another connection of the same person."""
        other = cls.__new__(cls)
        Client.__init__(other, service.url, phone.ledger)
        other.name, other.headers = phone.name, phone.headers
        return other

    def post(self, **what: Any) -> dict[str, Any]:
        """As `write`, and send it, however many tries that takes."""
        item = self.write(**what)
        eventually(self.send_oldest, "what was written is taken")
        return item

    def cut_upload(self, upload: dict[str, Any], sent: bytes, announced: int) -> None:
        """Begin to send a photo, and lose the line after some of its bytes."""
        target = httpx2.URL(upload["url"])
        head = (
            f"PUT {target.raw_path.decode()} HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: image/jpeg\r\nContent-Length: {announced}\r\n\r\n"
        )
        with socket.create_connection(("localhost", target.port or 80), timeout=30) as line:
            line.sendall(head.encode() + sent)

    def write(
        self, *, photos: int = 0, colour: str = "grey", content: bytes | None = None, age_days: float = 0.0
    ) -> dict[str, Any]:
        """Put a new report into the queue, with small photos of a colour or one of this content."""
        pictures = [content] if content else [a_jpeg(colour) for _ in range(photos)]
        item = {
            "id": str(uuid7()),
            "observed_at": (datetime.now(UTC) - timedelta(days=age_days)).isoformat(),
            "photos": [(str(uuid7()), picture) for picture in pictures],
            "words": f"道路に穴があいています。{self.name}",
        }
        self.queue.append(item)
        return item

    def send_oldest(self) -> bool:
        """Try to send what has waited longest; whether it is acknowledged now."""
        if not self.queue:
            return True
        item = self.queue[0]
        for photo_id, content in item["photos"]:
            if photo_id not in self.ledger.photos and not send_photo(self, "/v1", photo_id, content):
                return False
        answer = self.send(item)
        if answer is None or answer.status_code not in (200, 201):
            return False
        self.sent.append(self.queue.popleft())
        return True

    def send(self, item: dict[str, Any], *expected: int, words: str | None = None) -> httpx2.Response | None:
        """PUT one report, as often as one likes."""
        self.ledger.attempted(item["id"], self.headers)
        body = {
            "category": "road.pothole",
            "description": words or item["words"],
            "location": {**PLACE, "accuracy_m": 8.0, "source": "gps"},
            "photo_ids": [photo_id for photo_id, _ in item["photos"]],
            "observed_at": item["observed_at"],
            "locale": "ja",
        }
        answer = self.call("PUT", f"/v1/reports/{item['id']}", *expected, json=body)
        if answer is not None and answer.status_code in (200, 201):
            self.ledger.acknowledged(item["id"], answer.json()["receipt"])
        return answer
