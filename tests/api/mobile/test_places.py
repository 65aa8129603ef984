"""Anybody asks whose a place is, with whatever the address line of a browser can hold."""

import pytest
from fastapi.testclient import TestClient

PLACE = {"lat": 35.7356, "lon": 139.6517}


def test_a_category_that_we_do_not_know_is_for_the_desk_to_sort_out(client: TestClient) -> None:
    answer = client.get("/v1/places/lookup", params=PLACE | {"category": "no.such"})
    assert (answer.status_code, answer.json()["responsible"]["code"]) == (200, "desk")


@pytest.mark.parametrize("category", ["a" * 65])
def test_a_category_that_cannot_be_one_is_refused(client: TestClient, category: str) -> None:
    answer = client.get("/v1/places/lookup", params=PLACE | {"category": category})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == "category"
