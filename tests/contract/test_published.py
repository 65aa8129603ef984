"""The contract that app teams hold is the one that the service keeps."""

import json
from pathlib import Path
from typing import get_type_hints

import pytest
from fastapi import Response
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from api.mobile import error_table, router, service
from api.mobile.document import document, written
from tests.factories import a_member, a_reporter, send_photo, send_report, take_action
from tests.support import published_contract

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_published_document_is_the_one_that_the_code_makes() -> None:
    folder = CHECKOUT / "mobile_contract"
    examples = json.loads((folder / "examples.json").read_text())
    assert (folder / "openapi.json").read_text() == written(examples), "run script/contract"
    assert (folder / "errors.md").read_text() == error_table.written(document(router)), "run script/contract"


def test_each_route_is_described_by_the_type_that_its_endpoint_returns() -> None:
    for route in iter_route_contexts(router.routes):
        returned = get_type_hints(route.endpoint, include_extras=True)["return"]
        described = route.responses[route.status_code or 200].get("model")
        assert returned in (described, Response), route.path


def test_every_public_answer_is_as_published(client: TestClient, work: object) -> None:
    """Each answer is held against the contract by itself: see tests/support/published_contract.py."""
    hanako = a_reporter()
    photo_id = send_photo(client, hanako)
    report_id = send_report(client, hanako, photo_ids=[photo_id]).json()["receipt"]["report_id"]
    work()
    take_action(a_member(), report_id, "accept", public_text="道路の穴", photo_ids=[photo_id])
    work()
    number = client.get(f"/v1/reports/{report_id}", headers=hanako.headers).json()["number"]
    assert client.get(f"/v1/reports/{number}").json()["words"] == "道路の穴"
    listed = client.get("/v1/public/reports").json()["reports"]
    assert [each["number"] for each in listed] == [number]
    place = listed[0]["point"]
    nearby = client.get("/v1/places/lookup", params=place | {"category": "road.pothole"}).json()["nearby"]
    assert [each["number"] for each in nearby] == [number]
    for path in ("/v1/me", "/v1/me/reports", "/v1/me/export"):
        assert client.get(path, headers=hanako.headers).status_code == 200
    for path in ("/v1/service", "/v1/categories"):
        answer = client.get(path)
        again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    ("method", "path", "status", "media_type", "body", "told"),
    [
        ("GET", "/v1/service", 200, "application/json", {"name": "ねりレポ"}, "is a required property"),
        (
            "GET",
            "/v1/categories",
            200,
            "application/json",
            {"language": 1, "categories": []},
            "is not of type",
        ),
        (
            "GET",
            "/v1/categories",
            200,
            "application/json",
            {"language": "ja", "categories": [], "more": 1},
            "'more' was unexpected",
        ),
        ("GET", "/v1/me", 402, "application/problem+json", {}, "this status is not declared"),
        ("GET", "/v1/me", 200, "text/plain", {}, "text/plain is not declared"),
        ("DELETE", "/v1/me", 204, "", {"gone": True}, "a body is not declared"),
        ("GET", "/v1/secrets", 200, "application/json", {}, "is not in the contract"),
    ],
)
def test_what_the_contract_does_not_declare_is_noticed(
    method: str, path: str, status: int, media_type: str, body: object, told: str
) -> None:
    with pytest.raises(published_contract.NotInContract, match=told):
        published_contract.hold(method, path, status, media_type, json.dumps(body).encode())


def test_a_problem_with_a_code_or_a_member_that_is_not_declared_is_noticed(client: TestClient) -> None:
    answer = client.get("/v1/me")
    for change, told in (
        ({"code": "surprise"}, "code surprise is not declared"),
        ({"secret": "12"}, "'secret' was unexpected"),
        ({"retryable": True}, "retryable, or not"),
    ):
        body = json.dumps(answer.json() | change).encode()
        with pytest.raises(published_contract.NotInContract, match=told):
            published_contract.hold("GET", "/v1/me", 401, "application/problem+json", body)


def test_every_answer_of_this_process_is_watched(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LEVEL", "two")
    client.get("/v1/service")
    assert "contract_level" in published_contract.NOT_PUBLISHED.pop()
