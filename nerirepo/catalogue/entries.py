"""What is a department, a manager, a category to those who set them up: a ward's folder or an admin?"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from nerirepo.catalogue.manager_kind import ManagerKind
from nerirepo.catalogue.profile import Part, Words
from nerirepo.catalogue.questions import Question
from nerirepo.words.address import Address
from nerirepo.words.fields import Code, Text


class DepartmentEntry(Part):
    code: Code
    names: Words
    email: Address
    phone: Annotated[Text, Field(max_length=40)]
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
    icon: Annotated[Text, Field(max_length=40)] = ""
    department_code: Code | None = None
    questions: list[Question] = Field(default_factory=list[Question])
    emergency_text: Words | None = None
    target_days: int | None = Field(default=None, gt=0, le=3650)
    is_danger: bool = False
    is_deed: bool = False
    position: int = 0
    """Its place in the file."""
    valid_until: date | None = None


class Departments(Part):
    departments: list[DepartmentEntry]

    @model_validator(mode="after")
    def _one_takes_the_rest(self) -> Self:
        _unique(each.code for each in self.departments)
        if sum(each.is_triage for each in self.departments) != 1:
            raise ValueError("exactly one department has is_triage = true")
        return self


class Managers(Part):
    managers: list[ManagerEntry]

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        _unique(each.code for each in self.managers)
        return self


class Categories(Part):
    categories: Annotated[list[CategoryEntry], Field(min_length=1)]
    """Never none: nothing could be reported any more."""

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


def _unique(codes: Iterator[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise ValueError(f"{code!r} stands there twice")
        seen.add(code)
