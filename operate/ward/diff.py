"""Where do the ward's folder and the database differ? For a ward that keeps its folder as the record."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from nerirepo.base.settings import settings
from nerirepo.catalogue.profile import Part
from nerirepo.catalogue.tables import Category, Department, Manager, Ward
from nerirepo.database.db import reading
from nerirepo.places.rules import rules
from nerirepo.places.tables import LayerVersion
from operate.ward import ward_folder
from operate.ward.ward_folder import CategoryEntry, DepartmentEntry, ManagerEntry


def differences() -> list[str]:
    """Where the ward's folder and the database differ, one line each; empty where they agree."""
    folder = ward_folder.read(settings().ward)
    with reading() as session:
        ward = session.exec(select(Ward)).first()
        if ward is None:
            return ["the database holds no ward"]
        return [
            *_different("ward", folder.profile.as_json(), ward.profile.as_json()),
            *_different("text", _flat(folder.texts), _flat(ward.texts), show=False),
            *_entries("department", folder.departments, session.exec(select(Department)).all()),
            *_entries("manager", folder.managers, session.exec(select(Manager)).all()),
            *_entries("category", folder.categories, session.exec(select(Category)).all()),
            *_different(
                "rule",
                {f"{at}": each.model_dump(mode="json") for at, each in enumerate(folder.rules, start=1)},
                {f"{at}": each.model_dump(mode="json") for at, each in enumerate(rules(session), start=1)},
            ),
            *_different(
                "layer",
                {
                    each.value: hashlib.sha256(path.read_bytes()).hexdigest()
                    for each, path in folder.layers.items()
                },
                dict(
                    session.exec(
                        select(LayerVersion.layer, LayerVersion.sha256).where(col(LayerVersion.is_active))
                    ).all()
                ),
                show=False,
            ),
        ]


_SHAPES: dict[str, type[Part]] = {
    "department": DepartmentEntry,
    "manager": ManagerEntry,
    "category": CategoryEntry,
}


def _entries(what: str, ours: Sequence[Part], rows: Sequence[Any]) -> Iterator[str]:
    def by_code(entries: Sequence[Any]) -> dict[str, dict[str, Any]]:
        return {each.code: each.model_dump(mode="json") for each in entries}

    ours_by_code = by_code(ours)
    rows_by_code = by_code([_SHAPES[what].model_validate(row) for row in rows])
    both = ours_by_code.keys() & rows_by_code.keys()
    yield from _different(
        what,
        {code: "" for code in ours_by_code if code not in both},
        {code: "" for code in rows_by_code if code not in both},
    )
    for code in sorted(both):
        yield from _different(f"{what} {code}", ours_by_code[code], rows_by_code[code])


def _different(
    what: str, folder: Mapping[str, Any], database: Mapping[str, Any], *, show: bool = True
) -> Iterator[str]:
    for key in sorted(folder.keys() | database.keys()):
        if key not in database:
            yield f"{what} {key}: only in the folder"
        elif key not in folder:
            yield f"{what} {key}: only in the database"
        elif folder[key] != database[key]:
            told = f"folder {folder[key]!r}, database {database[key]!r}" if show else "not the same"
            yield f"{what} {key}: {told}"


def _flat(texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {f"{page}.{language}": words for page, by in texts.items() for language, words in by.items()}
