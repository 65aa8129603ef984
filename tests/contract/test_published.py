"""The contract that app teams hold is the one that the service keeps."""

import json
from pathlib import Path

from fastapi.testclient import TestClient

from api.mobile import error_table, router
from api.mobile.document import document, written
from tests.factories import a_member, a_reporter, send_photo, send_report, take_action

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_published_document_is_the_one_that_the_code_makes() -> None:
    folder = CHECKOUT / "mobile_contract"
    examples = json.loads((folder / "examples.json").read_text())
    assert (folder / "openapi.json").read_text() == written(examples), "run script/contract"
    assert (folder / "errors.md").read_text() == error_table.written(document(router)), "run script/contract"


def test_every_public_answer_is_as_published(client: TestClient, work: object) -> None:
    """The client itself holds each answer against the contract: see tests/published_contract.py."""
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
