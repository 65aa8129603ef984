"""Every folder under `wards/`, read once: the tests here hold for each municipality that has one."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from nerirepo.base.settings import settings
from operate.serving.front import create_api, create_front
from operate.ward import seed

WARDS = Path(__file__).resolve().parents[2] / "wards"
MIHON = Path(__file__).parent / "mihon"
"""A municipality that does not exist, unlike Nerima in whatever a ward may choose."""


@dataclass(frozen=True)
class WardFolder:
    path: Path

    def toml(self, name: str) -> dict[str, Any]:
        return tomllib.loads((self.path / f"{name}.toml").read_text(encoding="utf-8"))

    def layer(self, name: str) -> dict[str, Any]:
        return json.loads((self.path / "layers" / f"{name}.geojson").read_text(encoding="utf-8"))

    @cached_property
    def profile(self) -> dict[str, Any]:
        return self.toml("ward")

    @cached_property
    def departments(self) -> dict[str, dict[str, Any]]:
        return {each["code"]: each for each in self.toml("departments")["departments"]}

    @cached_property
    def managers(self) -> dict[str, dict[str, Any]]:
        return {each["code"]: each for each in self.toml("managers")["managers"]}

    @cached_property
    def categories(self) -> dict[str, dict[str, Any]]:
        return {each["code"]: each for each in self.toml("categories")["categories"]}

    @cached_property
    def offered(self) -> set[str]:
        """The codes a resident can choose: the leaves of the tree."""
        parents = {each.get("parent_code") for each in self.categories.values()}
        return self.categories.keys() - parents

    @cached_property
    def rules(self) -> list[dict[str, Any]]:
        return self.toml("routing")["rules"]

    @cached_property
    def samples(self) -> list[dict[str, Any]]:
        return self.toml("samples")["samples"]


def _folders() -> Iterator[Any]:
    for path in sorted(WARDS.iterdir()):
        if path.is_dir():
            yield pytest.param(WardFolder(path), id=path.name)


@pytest.fixture(params=_folders())
def ward(request: pytest.FixtureRequest) -> WardFolder:
    return request.param


@pytest.fixture
def nerima() -> WardFolder:
    return WardFolder(WARDS / "nerima")


@pytest.fixture
def mihon(bare_database: Path, storage: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The service is みほん町's."""
    monkeypatch.setenv("NERIREPO_WARD", str(MIHON))
    settings.cache_clear()
    seed.load_ward()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def client(mihon: None) -> Iterator[TestClient]:
    """Its API."""
    with TestClient(create_api(), base_url="http://localhost:8000") as client:
        yield client


@pytest.fixture
def site(mihon: None) -> Iterator[TestClient]:
    """Its API and pages, as people and programs meet them."""
    with TestClient(create_front(), base_url="http://localhost:8000") as client:
        yield client
