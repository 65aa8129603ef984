"""Whose service is this, what does it say of itself, and what are its kinds of reports and offices called?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from nerirepo.errors import FieldFault
from nerirepo.language import best_first, name
from nerirepo.publication.read.filters import FilterInvalid, Filters


@dataclass(frozen=True)
class Category:
    code: str
    parent_code: str | None
    names: dict[str, str]


@dataclass(frozen=True)
class Ward:
    """`profile` is the ward's `ward.toml`. Without a ward (before the first start) all of it is empty."""

    profile: dict[str, Any]
    pages: dict[str, list[str]]
    """Name of a text to the languages that it is written in."""
    categories: tuple[Category, ...]
    """In the order of the screen."""
    managers: dict[str, dict[str, str]]
    """Code to names."""

    def check(self, filters: Filters) -> None:
        """Raise `FilterInvalid` for a category that there never was."""
        if filters.category and filters.category not in {each.code for each in self.categories}:
            fault = FieldFault("category", "filter_invalid", filters.category)
            raise FilterInvalid(faults=(fault,))

    def category_name(self, code: str, language: str) -> str:
        return next((name(each.names, language) for each in self.categories if each.code == code), code)

    def manager_name(self, code: str, language: str) -> str:
        return name(self.managers[code], language) if code in self.managers else code


def ward(session: Session) -> Ward:
    """One statement."""
    found = session.execute(
        text(
            """
            SELECT
                (SELECT profile FROM published.ward LIMIT 1) AS profile,
                (SELECT jsonb_object_agg(page.key,
                        (SELECT jsonb_agg(language) FROM jsonb_object_keys(page.value) AS language))
                    FROM published.ward, jsonb_each(texts) AS page) AS pages,
                (SELECT jsonb_agg(jsonb_build_object('code', code, 'parent_code', parent_code, 'names', names)
                    ORDER BY position, code) FROM published.category) AS categories,
                (SELECT jsonb_object_agg(code, names) FROM published.office WHERE NOT is_department)
                    AS managers
            """
        )
    ).one()
    return Ward(
        profile=found.profile or {},
        pages=found.pages or {},
        categories=tuple(Category(**each) for each in found.categories or ()),
        managers=found.managers or {},
    )


def ward_text(session: Session, page: str, language: str) -> str | None:
    """The Markdown of a page such as `terms`, in the language or the next best; None without such a page."""
    asked = text("SELECT texts -> :page FROM published.ward LIMIT 1")
    written = session.execute(asked, {"page": page}).scalar()
    return written and next((written[each] for each in best_first(language) if each in written), None)
