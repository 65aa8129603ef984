"""Whoever holds an answer is spared it, at every door and by the same rule."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.utils import get_flat_params
from fastapi.testclient import TestClient

from api import etag

TILE = "/v1/public/tiles/14/14544/6446.mvt"
IN_THE_API = ["/v1/service", "/v1/categories", "/v1/public/reports", TILE]
PAGES = ["/", "/reports", "/theme.css", "/open-data/reports.csv", "/map/lines/14/14544/6446.mvt"]


@pytest.fixture
def door(request: pytest.FixtureRequest, client: TestClient) -> Iterator[TestClient]:
    if request.param == "api":
        yield client
        return
    from web_public.app import create_app

    with TestClient(create_app(), base_url="http://localhost:8000") as pages:
        yield pages


@pytest.mark.parametrize(
    ("door", "address"),
    [*(("api", each) for each in IN_THE_API), *(("pages", each) for each in PAGES)],
    indirect=["door"],
)
def test_every_door_reads_a_list_of_tags_by_the_same_rule(door: TestClient, address: str) -> None:
    etag = door.get(address).headers["etag"]
    strong = etag.removeprefix("W/")
    for held in (etag, strong, f'"x,y", W/{strong}', f", {etag} ,", "*"):
        assert door.get(address, headers={"If-None-Match": held}).status_code == 304, held
    for held in (strong.strip('"'), f'"x, {strong}"', '"x,', f'{etag}, *, "x'):
        assert door.get(address, headers={"If-None-Match": held}).status_code == 200, held
    lines = [("If-None-Match", '"x"'), ("If-None-Match", etag)]
    assert door.get(address, headers=lines).status_code == 304


def test_a_routes_parameters_are_looked_for_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Any] = []

    def counted(dependant: Any) -> Any:
        looked.append(dependant)
        return get_flat_params(dependant)

    monkeypatch.setattr(etag, "get_flat_params", counted)
    monkeypatch.setattr(etag, "_PARAMETERS", {})
    for _ in range(2):
        for address in IN_THE_API:
            assert client.get(address).status_code == 200
    assert len(looked) == len({id(each) for each in looked}) > 0
