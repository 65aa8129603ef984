"""Every answer of every door says what a browser may do with it: faults of ours and redirects, too."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from operate.serving.front import create_front
from tests.factories import a_member
from tests.support.live_service import base_url
from tests.support.statements import statements_that_raise

PATHS = (
    "/",
    "/reports",
    "/reports/",
    "/static/site.css",
    "/media/x",
    "/nothing",
    "/open-data/reports.json",
    "/v1/service",
    "/v1/me",
    "/v1/nothing",
    "/staff/reports",
    "/desk",
    "/desk/",
    "/desk/sign-in",
    "/desk/static/staff.css",
    "/desk/nothing",
    "/l/report",
    "/l/answer/x",
    "/docs",
    "/health/live",
)


@pytest.fixture
def https(database: object, storage: None) -> Iterator[TestClient]:
    address = "https://nerirepo.example.jp"
    with base_url(address), TestClient(create_front(), base_url=address, follow_redirects=False) as client:
        yield client


@pytest.fixture
def faulty(database: object, storage: None) -> Iterator[TestClient]:
    """Somebody at the desk, while every reading of the database meets a fault of ours."""
    desk = a_member()
    with TestClient(
        create_front(), base_url="http://localhost:8000", raise_server_exceptions=False
    ) as client:
        client.cookies.set("nerirepo_staff", desk.token)
        with statements_that_raise(RuntimeError("a fault of ours")):
            yield client


@pytest.mark.parametrize("path", PATHS)
def test_over_https_every_answer_asks_for_https_from_now_on(https: TestClient, path: str) -> None:
    headers = https.get(path).headers
    assert "max-age=31536000" in headers["strict-transport-security"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize("path", ["/", "/v1/categories", "/staff/reports", "/desk", "/l/report"])
def test_a_fault_of_ours_carries_them_too_and_tells_nothing(faulty: TestClient, path: str) -> None:
    answer = faulty.get(path)
    assert answer.status_code == 500
    for header in ("content-security-policy", "x-content-type-options", "referrer-policy"):
        assert answer.headers[header]
    assert "RuntimeError" not in answer.text
    assert "a fault of ours" not in answer.text
