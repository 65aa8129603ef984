"""Whose service is this, what does it say of itself, and what are its kinds of reports and offices called?"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from nerirepo.base.errors import FieldFault
from nerirepo.catalogue.profile import Profile
from nerirepo.database import sql
from nerirepo.publication.read.filters import FilterInvalid, Filters
from nerirepo.words.language import best_first, name


@dataclass(frozen=True)
class Category:
    code: str
    parent_code: str | None
    names: dict[str, str]


@dataclass(frozen=True)
class Ward:
    """Without a ward (before the first start) all of it is empty."""

    profile: Profile | None
    pages: dict[str, list[str]]
    """Name of a text to the languages that it is written in."""
    categories: tuple[Category, ...]
    """In the order of the screen."""
    managers: dict[str, dict[str, str]]
    """Code to names."""
    departments: dict[str, dict[str, str]]
    """Code to names."""

    def check(self, session: Session, filters: Filters) -> None:
        """Raise `FilterInvalid` for a category, department or town that there never was."""
        asked = {"category": filters.category, "department": filters.department, "town": filters.town}
        known: dict[str, Collection[str]] = {
            "category": {each.code for each in self.categories},
            "department": self.departments.keys(),
            "town": _as_known(session, filters.town) if filters.town else set(),
        }
        unknown = [
            FieldFault(key, "filter_invalid", f"no such {key}")
            for key, value in asked.items()
            if value and value not in known[key]
        ]
        if unknown:
            raise FilterInvalid(faults=tuple(unknown))

    def category_name(self, code: str, language: str) -> str:
        return next((name(each.names, language) for each in self.categories if each.code == code), code)

    def department_name(self, code: str, language: str) -> str:
        return name(self.departments[code], language) if code in self.departments else code

    def manager_name(self, code: str, language: str) -> str:
        return name(self.managers[code], language) if code in self.managers else code


def _as_known(session: Session, town: str) -> set[str]:
    """It, if it is a town or was one when something was reported there."""
    known = """
        SELECT EXISTS (SELECT FROM published.line WHERE layer = 'towns' AND name = :town)
            OR EXISTS (SELECT FROM published.report WHERE town = :town) AS is_known
    """
    return {town} if sql.first(session, known, {"town": town}).is_known else set()


def ward(session: Session) -> Ward:
    """One statement."""
    found = sql.first(
        session,
        """
        SELECT
            (SELECT profile FROM published.ward LIMIT 1) AS profile,
            (SELECT jsonb_object_agg(page.key,
                    (SELECT jsonb_agg(language) FROM jsonb_object_keys(page.value) AS language))
                FROM published.ward, jsonb_each(texts) AS page) AS pages,
            (SELECT jsonb_agg(jsonb_build_object('code', code, 'parent_code', parent_code, 'names', names)
                ORDER BY position, code) FROM published.category) AS categories,
            (SELECT jsonb_object_agg(code, names) FROM published.office WHERE NOT is_department)
                AS managers,
            (SELECT jsonb_object_agg(code, names) FROM published.office WHERE is_department)
                AS departments
        """,
    )
    return Ward(
        profile=Profile.stored(found.profile) if found.profile else None,
        pages=found.pages or {},
        categories=tuple(Category(**each) for each in found.categories or ()),
        managers=found.managers or {},
        departments=found.departments or {},
    )


def ward_text(session: Session, page: str, language: str) -> str | None:
    """The Markdown of a page such as `terms`, in the language or the next best; None without such a page."""
    found = sql.first(session, "SELECT texts -> :page AS texts FROM published.ward LIMIT 1", {"page": page})
    written = found and found.texts
    return written and next((written[each] for each in best_first(language) if each in written), None)
