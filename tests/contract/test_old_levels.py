"""What an app of any level that was ever published sends is still taken."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.mobile.levels import LEVELS
from nerirepo.base.ids import uuid7
from nerirepo.reports.submission import Submission
from tests.factories import a_reporter

FOLDER = Path(__file__).resolve().parents[2] / "mobile_contract" / "levels"


def as_published(level: int, path: str) -> dict[str, Any]:
    """The body of `PUT path`, as that level's document shows it."""
    published = json.loads((FOLDER / str(level) / "openapi.json").read_text())
    return published["paths"][path]["put"]["requestBody"]["content"]["application/json"]["example"]


@pytest.mark.parametrize("level", [each.number for each in LEVELS])
def test_a_post_of_this_level_has_the_hash_that_its_receipt_told(level: int) -> None:
    """Else a phone that repeats an old post would hear that its id is taken."""
    published = json.loads((FOLDER / str(level) / "openapi.json").read_text())
    operation = published["paths"]["/v1/reports/{report_id}"]["put"]
    sent = operation["requestBody"]["content"]["application/json"]["example"]
    taken = operation["responses"]["201"]["content"]["application/json"]["example"]
    assert Submission.model_validate_json(json.dumps(sent)).sha256() == taken["receipt"]["content_sha256"]


@pytest.mark.parametrize("level", [each.number for each in LEVELS])
def test_a_post_of_this_level_is_taken(client: TestClient, level: int) -> None:
    headers = a_reporter().headers | {"Contract-Level": str(level)}
    photo_id = str(uuid7())
    announced = client.put(
        f"/v1/photos/{photo_id}", headers=headers, json=as_published(level, "/v1/photos/{photo_id}")
    )
    assert announced.status_code == 200, announced.text
    report = as_published(level, "/v1/reports/{report_id}") | {"photo_ids": [photo_id]}
    sent = client.put(f"/v1/reports/{uuid7()}", headers=headers, json=report)
    assert sent.status_code == 201, sent.text
    assert sent.json()["receipt"]["photos"][0]["photo_id"] == photo_id
