"""Departments and categories as an admin wants them: each list is replaced as a whole.

What is no longer in a list ended yesterday and stays as a row: reports of the past name it.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from nerirepo.base import clock
from nerirepo.base.errors import FieldFault, Invalid
from nerirepo.catalogue.entries import CategoryEntry, DepartmentEntry
from nerirepo.catalogue.tables import Category, Department


class CategoriesInvalid(Invalid):
    """A category names a department that does not exist."""

    code = "categories_invalid"


def replace_departments(session: Session, entries: Iterable[DepartmentEntry]) -> None:
    """New ones are added, known ones changed, and the others end. Exactly one of `entries` is triage."""
    standing = {each.code: each for each in session.exec(select(Department).with_for_update())}
    for row in standing.values():
        row.is_triage = False
    session.flush()
    for entry in entries:
        row = standing.pop(entry.code, None)
        if row is None:
            session.add(Department(**entry.model_dump()))
        else:
            row.sqlmodel_update(entry.model_dump())
    _end(standing.values())
    session.flush()


def replace_categories(session: Session, entries: Iterable[CategoryEntry]) -> None:
    """As `replace_departments`. Parents come before their children; raises `CategoriesInvalid`."""
    entries = list(entries)
    departments = set(session.exec(select(Department.code)))
    faults = tuple(
        FieldFault(f"categories.{position}.department_code", "department_unknown", str(entry.department_code))
        for position, entry in enumerate(entries)
        if entry.department_code not in departments | {None}
    )
    if faults:
        raise CategoriesInvalid(faults=faults)
    standing = {each.code: each for each in session.exec(select(Category).with_for_update())}
    for entry in sorted(entries, key=lambda each: each.parent_code is not None):
        row = standing.pop(entry.code, None)
        if row is None:
            session.add(Category(**category_row(entry)))
            session.flush()
        else:
            row.sqlmodel_update(category_row(entry))
    _end(standing.values())
    session.flush()


def category_row(entry: CategoryEntry) -> dict[str, Any]:
    """The columns of a category."""
    questions = [each.model_dump(mode="json", exclude_defaults=True) for each in entry.questions]
    return entry.model_dump() | {"questions": questions}


def _end(rows: Iterable[Department | Category]) -> None:
    yesterday = clock.today_in_japan() - timedelta(days=1)
    for row in rows:
        if row.valid_until is None or row.valid_until > yesterday:
            row.valid_until = yesterday
