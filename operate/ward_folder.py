"""What does a ward's folder say? Reads and checks `wards/<name>/`; faults come with file and field."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel, Field, ValidationError, model_validator

from nerirepo.catalogue.profile import Part, Profile, Words
from nerirepo.catalogue.questions import Question
from nerirepo.catalogue.tables import ManagerKind
from nerirepo.errors import Invalid
from nerirepo.fields import Code
from nerirepo.places.routing import Rule
from nerirepo.places.tables import Layer

Model = TypeVar("Model", bound=BaseModel)


class WardInvalid(Invalid):
    """The ward's folder cannot be read."""

    code = "ward_invalid"


class DepartmentEntry(Part):
    code: Code
    names: Words
    email: str
    phone: str
    digest: bool = False
    is_triage: bool = False
    valid_from: date
    valid_until: date | None = None


class ManagerEntry(Part):
    code: Code
    kind: ManagerKind
    names: Words
    contact: dict[str, Any] = Field(default_factory=dict)


class CategoryEntry(Part):
    code: Code
    parent_code: Code | None = None
    names: Words
    icon: str = ""
    department_code: Code | None = None
    questions: list[Question] = Field(default_factory=list)
    emergency_text: Words | None = None
    target_days: int | None = Field(default=None, gt=0)
    is_danger: bool = False
    is_deed: bool = False
    position: int = 0
    """Its place in the file."""
    valid_until: date | None = None


class _Departments(Part):
    departments: list[DepartmentEntry]

    @model_validator(mode="after")
    def _one_takes_the_rest(self) -> Self:
        _unique(each.code for each in self.departments)
        if sum(each.is_triage for each in self.departments) != 1:
            raise ValueError("exactly one department has is_triage = true")
        return self


class _Managers(Part):
    managers: list[ManagerEntry]

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        _unique(each.code for each in self.managers)
        return self


class _Categories(Part):
    categories: list[CategoryEntry]

    @model_validator(mode="after")
    def _two_levels(self) -> Self:
        _unique(each.code for each in self.categories)
        tops = {each.code for each in self.categories if each.parent_code is None}
        for position, each in enumerate(self.categories):
            each.position = position
            if each.parent_code is not None and each.parent_code not in tops:
                raise ValueError(
                    f"{each.code}: parent_code {each.parent_code!r} is not a category of the top"
                )
        return self


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
        departments=_read(folder / "departments.toml", _Departments).departments,
        managers=_read(folder / "managers.toml", _Managers).managers,
        categories=_read(folder / "categories.toml", _Categories).categories,
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


def _unique(codes: Iterator[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise ValueError(f"{code!r} stands there twice")
        seen.add(code)
