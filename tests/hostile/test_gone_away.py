"""A phone in a tunnel is no fault of ours: nothing is kept, and no alarm is raised."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from nerirepo.base.ids import uuid7
from nerirepo.gateways import storage as store
from operate.telemetry.observed import Observed
from tests.api.mobile.test_photos import announcement
from tests.factories import a_jpeg, a_reporter


def test_bytes_that_are_cut_on_their_way_are_logged_without_alarm(
    client: TestClient, storage: None, caplog: pytest.LogCaptureFixture
) -> None:
    content, photo_id, hanako = a_jpeg(), str(uuid7()), a_reporter()
    path = f"/v1/photos/{photo_id}"
    announced = client.put(path, headers=hanako.headers, json=announcement(content)).json()
    url = urlsplit(announced["upload"]["url"])
    messages = [
        {"type": "http.request", "body": content[: len(content) // 2], "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None: ...

    scope = {
        "type": "http",
        "method": "PUT",
        "path": url.path,
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "server": ("testserver", 80),
        "client": ("192.0.2.1", 1),
        "headers": [(b"host", b"testserver"), (b"content-length", str(len(content)).encode())],
    }
    with capture_logs() as logs:
        asyncio.run(Observed(client.app)(scope, receive, send))
    assert not [each for each in logs if each["log_level"] in ("error", "critical", "exception")]
    assert not [each for each in caplog.records if each.levelname in ("ERROR", "CRITICAL")]
    assert client.get(path, headers=hanako.headers).json()["state"] == "awaiting"
    with pytest.raises(store.ObjectMissing):
        store.get(store.private_bucket(), f"photos/{photo_id}/original", announced["sha256"])
    sent = client.put(announced["upload"]["url"], content=content, headers=announced["upload"]["headers"])
    assert sent.status_code == 200
