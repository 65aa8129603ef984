"""Somebody who uses the service over the network, and writes down what is answered."""

import hashlib
from io import BytesIO
from typing import Any

import httpx2
from PIL import Image

from nerirepo.base.ids import uuid7
from tests.faults.ledger import Ledger
from tests.faults.pace import Pace
from tests.support import published_contract


class Client:
    """Somebody with a token. `call` returns None where the answer was lost on the way.

    With a `pace` its requests take turns with those of others.
    """

    def __init__(self, url: str, ledger: Ledger) -> None:
        self.ledger = ledger
        self.headers: dict[str, str] = {}
        self.pace: Pace | None = None
        # A connection for each request, as on a phone that comes and goes.
        alone = httpx2.Limits(max_keepalive_connections=0)
        hooks = {"response": [published_contract.check]}
        self._http = httpx2.Client(base_url=url, timeout=30, limits=alone, event_hooks=hooks)

    def call(
        self, method: str, url: str, *expected: int, headers: dict[str, str] | None = None, **content: Any
    ) -> httpx2.Response | None:
        if self.pace:
            self.pace.wait()
        try:
            answer = self._http.request(method, url, headers=self.headers | (headers or {}), **content)
        except httpx2.TransportError:
            answer = None
        self.ledger.answered(answer, *expected)
        return answer

    def close(self) -> None:
        self._http.close()


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


def a_photograph() -> bytes:
    """As large as what a phone sends: a megabyte and a half, which is kept in a file on its way."""
    noise = Image.effect_noise((1600, 1200), 100).convert("RGB")
    file = BytesIO()
    noise.save(file, "JPEG", quality=95)
    return file.getvalue() + uuid7().bytes


def a_jpeg(colour: str = "grey", size: tuple[int, int] = (320, 240)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue() + uuid7().bytes  # no two alike
