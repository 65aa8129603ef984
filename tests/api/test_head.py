"""Monitors and proxies ask with HEAD, and claim to be whoever they like."""

import pytest
from fastapi.testclient import TestClient


@pytest.mark.parametrize("path", ["/health/live", "/docs", "/openapi.json"])
def test_head_is_answered_like_get_without_a_body(client: TestClient, path: str) -> None:
    asked, got = client.head(path), client.get(path)
    assert (asked.status_code, asked.content) == (got.status_code, b"")
    assert asked.headers["content-type"] == got.headers["content-type"]


def test_nobody_is_sent_to_a_host_that_the_caller_made_up(client: TestClient) -> None:
    answer = client.get("/v1/service/", headers={"Host": "evil.example"}, follow_redirects=False)
    assert answer.status_code == 404
    assert "location" not in answer.headers
