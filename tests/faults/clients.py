"""Who uses the service meanwhile: phones that queue what they could not send, and staff at work.

Each decision follows from a seed; only the order in which threads take turns does not.
"""

import hashlib
import random
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import httpx2
import pyotp
from PIL import Image

from nerirepo.ids import uuid7
from tests.faults.ledger import Ledger, Told
from tests.faults.service import PATIENCE, Service, eventually

PLACE = {"lat": 35.7356, "lon": 139.6522}
LONGEST_PAUSE = 1.0
"""Seconds. A real phone waits as long as Retry-After says; ours have less time."""


class Client:
    """Somebody with a token. `call` returns None where the answer was lost on the way."""

    def __init__(self, url: str, ledger: Ledger) -> None:
        self.ledger = ledger
        self.headers: dict[str, str] = {}
        # A connection for each request, as on a phone that comes and goes.
        alone = httpx2.Limits(max_keepalive_connections=0)
        self._http = httpx2.Client(base_url=url, timeout=30, limits=alone)

    def call(
        self, method: str, url: str, *expected: int, headers: dict[str, str] | None = None, **content: Any
    ) -> httpx2.Response | None:
        try:
            answer = self._http.request(method, url, headers=self.headers | (headers or {}), **content)
        except httpx2.TransportError:
            answer = None
        self.ledger.answered(answer, *expected)
        return answer

    def close(self) -> None:
        self._http.close()


class Phone(Client):
    """A resident's app: whatever it has is sent until it is acknowledged, and the same again now and then."""

    def __init__(self, service: Service, ledger: Ledger, name: str, url: str | None = None) -> None:
        super().__init__(url or service.url, ledger)
        self.name = name
        self.address = f"{name}.{uuid7().hex[-8:]}@example.jp"
        self.queue: deque[dict[str, Any]] = deque()
        self.sent: list[dict[str, Any]] = []
        self._sign_in(service)

    def _sign_in(self, service: Service) -> None:
        with httpx2.Client(base_url=service.url, timeout=30) as http:
            begun = http.post("/v1/sign-in", json={"email": self.address, "locale": "ja"})
            assert begun.status_code == 202, begun.text
            (letter, *_) = eventually(
                lambda: service.post_office.letters_to(self.address), "the letter with the code"
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

    def cut_upload(self, upload: dict[str, Any], sent: bytes, announced: int) -> None:
        """Begin to send a photo, and lose the line after some of its bytes."""
        target = httpx2.URL(upload["url"])
        head = (
            f"PUT {target.raw_path.decode()} HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: image/jpeg\r\nContent-Length: {announced}\r\n\r\n"
        )
        with socket.create_connection(("localhost", target.port or 80), timeout=30) as line:
            line.sendall(head.encode() + sent)

    def write(self, *, photos: int = 0, colour: str = "grey", age_days: float = 0.0) -> dict[str, Any]:
        """Put a new report into the queue."""
        item = {
            "id": str(uuid7()),
            "observed_at": (datetime.now(UTC) - timedelta(days=age_days)).isoformat(),
            "photos": [(str(uuid7()), a_jpeg(colour)) for _ in range(photos)],
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


class Staff(Client):
    """A member of the desk, who moves reports on, one after the other, along their usual way."""

    def __init__(self, service: Service, ledger: Ledger) -> None:
        super().__init__(service.url, ledger)
        account = (service.home / "first-accounts.txt").read_text().splitlines()[0]
        found = re.search(r"e-mail (\S+) +password (\S+) +TOTP secret (\S+)", account)
        assert found
        email, password, secret = found.groups()
        credentials = {"email": email, "password": password, "totp": pyotp.TOTP(secret).now()}
        answer = self.call("POST", "/staff/sign-in", json=credentials)
        assert answer is not None
        self.headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    def look(self, report_id: str) -> dict[str, Any] | None:
        answer = self.call("GET", f"/staff/reports/{report_id}")
        return answer.json() if answer is not None and answer.status_code == 200 else None

    def act(
        self, report_id: str, version: int, action_id: str, action: str, **fields: Any
    ) -> httpx2.Response | None:
        answer = self.call(
            "POST",
            f"/staff/reports/{report_id}/actions",
            409,
            412,
            headers={"If-Match": f'"{version}"'},
            json={"action_id": action_id, "action": action, **fields},
        )
        if answer is not None and answer.status_code == 200:
            done = answer.json()
            self.ledger.acted(action_id, Told(report_id, action, done["version"], done["event_seq"]))
        return answer

    def move_on(self, report_id: str, *, after_photo: bool = False) -> bool:
        """One step from received to resolved, until there is an answer; False where nothing is left to do."""
        seen = self.look(report_id)
        if seen is None:
            return True
        step = next_step(seen)
        if step is None:
            return False
        action, fields = step
        if action == "resolve" and after_photo:
            photo_id = str(uuid7())
            if not send_photo(self, "/staff", photo_id, a_jpeg("green")):
                return True
            fields = {"public_note": fields["public_note"], "photo_ids": [photo_id]}
        action_id, deadline = str(uuid7()), time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self.act(report_id, seen["version"], action_id, action, **fields)
            # An answer that was lost, or "later": the same action again, under the same id.
            if answer is not None and answer.status_code in (200, 409, 412):
                return True
            time.sleep(0.3)
        return True


def next_step(seen: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """What the desk does next with a report, and what that needs."""
    match seen["status"]:
        case "received":
            cleared = [each["photo_id"] for each in seen["photos"] if each["role"] == "before"]
            return "accept", {"public_text": "道路に穴があります。", "photo_ids": cleared}
        case "checking":
            return "start", {"public_note": "今週中に直します。"}
        case "in_progress":
            return "resolve", {"public_note": "穴をふさぎました。", "no_photo_reason": "夜でした。"}
    return None


def send_photo(client: Client, door: str, photo_id: str, content: bytes) -> bool:
    """Announce a photo and send its bytes; whether they are acknowledged with their hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    announcement = {"sha256": sha256, "bytes": len(content), "content_type": "image/jpeg"}
    announced = client.call("PUT", f"{door}/photos/{photo_id}", json=announcement)
    if announced is None or announced.status_code != 200:
        return False
    upload = announced.json()["upload"]
    if upload is not None:
        # Bytes that were cut on the way are refused as not those that were announced, and sent again.
        url = upload["url"].partition("/v1/")[2]
        sent = client.call("PUT", f"/v1/{url}", 422, headers=upload["headers"], content=content)
        if sent is None or sent.status_code != 200:
            return False
    looked = client.call("GET", f"{door}/photos/{photo_id}")
    if looked is None or looked.status_code != 200:
        return False
    state = looked.json()
    if state["state"] not in ("received", "ready") or state["sha256"] != sha256:
        return False
    client.ledger.kept_photo(photo_id, sha256)
    return True


def a_jpeg(colour: str = "grey", size: tuple[int, int] = (320, 240)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue() + uuid7().bytes  # no two alike


@contextmanager
def load(
    service: Service, ledger: Ledger, seed: int, *, phones: int = 4, staff: int = 2, url: str | None = None
) -> Iterator[list[Phone]]:
    """Traffic for the length of the block, about 20 requests a second; at its end the phones empty their
    queues. `url`: where the phones send to, if not straight to the service."""
    users = [Phone(service, ledger, f"phone{number}", url) for number in range(phones)]
    members = [Staff(service, ledger) for _ in range(staff)]
    over = threading.Event()
    threads = [
        *(_thread(_use_phone, each, random.Random(f"{seed} {each.name}"), over) for each in users),
        *(_thread(_work, each, random.Random(f"{seed} staff{n}"), over) for n, each in enumerate(members)),
    ]
    try:
        yield users
    finally:
        over.set()
        for thread in threads:
            thread.join(2 * PATIENCE)
        for client in [*users, *members]:
            client.close()
    assert not any(thread.is_alive() for thread in threads), "a client hangs"
    for each in users:
        if each.queue:
            ledger.wrong(f"{each.name} could not send {len(each.queue)} reports")


def _thread(what: Callable[..., None], client: Client, *given: Any) -> threading.Thread:
    def run() -> None:
        try:
            what(client, *given)
        except Exception as fault:
            client.ledger.wrong(f"a client stumbled: {type(fault).__name__}: {fault}")

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _use_phone(phone: Phone, chance: random.Random, over: threading.Event) -> None:
    while not over.is_set():
        # Rather few, and much looking around: what each writes is work for the worker.
        if chance.random() < 0.25:
            phone.write(photos=chance.random() < 0.2, colour=chance.choice(("red", "blue", "grey")))
        if phone.sent and chance.random() < 0.3:
            phone.send(chance.choice(phone.sent))
        if chance.random() < 0.4:
            phone.call("GET", "/v1/me/reports")
        if not phone.send_oldest():
            over.wait(chance.uniform(0.1, LONGEST_PAUSE))
        over.wait(chance.uniform(0.05, 0.4))
    deadline = time.monotonic() + PATIENCE
    while phone.queue and time.monotonic() < deadline:
        if not phone.send_oldest():
            time.sleep(0.3)


def _work(member: Staff, chance: random.Random, over: threading.Event) -> None:
    done: set[str] = set()
    while not over.is_set():
        waiting = sorted(set(member.ledger.receipts) - done)
        if waiting:
            # Both look at the same few, so that they meet.
            report_id = waiting[chance.randrange(min(3, len(waiting)))]
            if not member.move_on(report_id, after_photo=chance.random() < 0.15):
                done.add(report_id)
        over.wait(chance.uniform(0.05, 0.4))
