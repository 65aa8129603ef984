"""What does a ward's folder say? Reads and checks `wards/<name>/`; faults come with file and field."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from nerirepo.base.errors import Invalid
from nerirepo.catalogue.entries import (
    Categories,
    CategoryEntry,
    DepartmentEntry,
    Departments,
    ManagerEntry,
    Managers,
)
from nerirepo.catalogue.profile import Part, Profile
from nerirepo.places.routing import Rule
from nerirepo.places.tables import Layer

Model = TypeVar("Model", bound=BaseModel)


class WardInvalid(Invalid):
    """The ward's folder cannot be read."""

    code = "ward_invalid"


class _Rules(Part):
    rules: list[Rule]


@dataclass(frozen=True)
class WardFolder:
    profile: Profile
    departments: Sequence[DepartmentEntry]
    managers: Sequence[ManagerEntry]
    categories: Sequence[CategoryEntry]
    rules: Sequence[Rule]
    texts: dict[str, dict[str, str]]
    """Page to language to Markdown."""
    layers: dict[Layer, Path]

    @property
    def triage(self) -> DepartmentEntry:
        return next(each for each in self.departments if each.is_triage)


def read(folder: Path) -> WardFolder:
    """Everything in the folder. Raises `WardInvalid`; codes in rules are checked when they are loaded."""
    notices = _toml(folder / "notices.toml") if (folder / "notices.toml").exists() else {}
    ward = WardFolder(
        profile=_checked(folder / "ward.toml", Profile, _toml(folder / "ward.toml") | notices),
        departments=_read(folder / "departments.toml", Departments).departments,
        managers=_read(folder / "managers.toml", Managers).managers,
        categories=_read(folder / "categories.toml", Categories).categories,
        rules=_read(folder / "routing.toml", _Rules).rules,
        texts=_texts(folder / "texts"),
        layers={
            layer: path for layer in Layer if (path := folder / "layers" / f"{layer.value}.geojson").exists()
        },
    )
    departments = {each.code for each in ward.departments}
    for each in ward.categories:
        if each.department_code not in departments | {None}:
            raise WardInvalid(f"categories.toml: {each.code}: no department {each.department_code!r}")
    if Layer.BOUNDARY not in ward.layers:
        raise WardInvalid("layers/boundary.geojson is missing: without it no place is inside")
    return ward


def _read(path: Path, model: type[Model]) -> Model:
    return _checked(path, model, _toml(path))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WardInvalid(f"{path.name}: {error}") from error


def _checked(path: Path, model: type[Model], content: dict[str, Any]) -> Model:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise WardInvalid("\n".join(f"{path.name}: {each}" for each in faults)) from error


def _texts(folder: Path) -> dict[str, dict[str, str]]:
    """`about.ja.md` is the page `about` in Japanese."""
    texts: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.md")):
        page, _, language = path.stem.partition(".")
        texts.setdefault(page, {})[language] = path.read_text(encoding="utf-8")
    return texts
