"""Photos and reports as an app sends them."""

import hashlib
from io import BytesIO
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from PIL import Image

from nerirepo.base.ids import uuid7
from tests.factories.people import Person

WORDS = "道路に穴があいています。"
WARD_OFFICE = {"lat": 35.7356, "lon": 139.6522}
"""豊玉北六丁目, far from the border."""


def a_submission(**changes: Any) -> dict[str, Any]:
    """The body of a report that nothing is wrong with."""
    return {
        "category": "road.pothole",
        "description": WORDS,
        "location": {**WARD_OFFICE, "accuracy_m": 8.0, "source": "gps"},
        "photo_ids": [],
        "answers": {},
        "locale": "ja",
    } | changes


def a_jpeg(colour: str = "grey", size: tuple[int, int] = (640, 480)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


def send_photo(client: TestClient, person: Person, content: bytes | None = None, door: str = "/v1") -> str:
    """Announce a photo and send its bytes to where the service says; its id."""
    content = a_jpeg() if content is None else content
    photo_id = str(uuid7())
    announced = client.put(
        f"{door}/photos/{photo_id}",
        headers=person.headers,
        json={
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "content_type": "image/jpeg",
        },
    )
    assert announced.status_code == 200, announced.text
    upload = announced.json()["upload"]
    sent = client.request(upload["method"], upload["url"], headers=upload["headers"], content=content)
    assert sent.status_code == 200, sent.text
    return photo_id


def send_report(client: TestClient, person: Person, report_id: UUID | None = None, **changes: Any) -> Any:
    """Send a report as the app does; the answer. Each has words of its own: it is not the same again."""
    report_id = report_id or uuid7()
    body = a_submission(description=f"{WORDS}（{_letters(report_id)}）") | changes
    return client.put(f"/v1/reports/{report_id}", headers=person.headers, json=body)


def _letters(report_id: UUID) -> str:
    """Digits might be taken for somebody's telephone number."""
    return UUID(str(report_id)).hex[-8:].translate(str.maketrans("0123456789", "ghijklmnop"))
