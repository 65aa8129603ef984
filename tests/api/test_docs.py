"""The API's description is readable in a browser that may load nothing from elsewhere."""

import re

import pytest
from fastapi.testclient import TestClient


def test_the_page_asks_nobody_else(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert client.get(address).status_code == 200, address
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["nothing.js", "..%2fpage.html", "static"])
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/docs/{name}").status_code == 404


def test_the_description_covers_residents_and_staff(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert "/v1/reports/{report_id}" in paths
    assert "/staff/reports/{report_id}/actions" in paths or "/staff/reports/{named}/actions" in paths
