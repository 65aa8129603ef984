"""How is a line of the history said in words? Codes of its facts become names and days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nerirepo.words.language import Translate, long_date

IN_WORDS = (
    "from_department",
    "department",
    "kept_department",
    "assignee",
    "manager",
    "from_category",
    "category",
    "danger",
    "reason_code",
    "measured_value",
    "no_photo_reason",
    "external_reference",
    "parent",
    "earlier",
    "expected_on",
    "review_on",
)
"""The facts that people read, in this order."""


@dataclass(frozen=True)
class Names:
    """Code to name, in the reader's language."""

    departments: Mapping[str, str]
    managers: Mapping[str, str]
    categories: Mapping[str, str]
    colleagues: Mapping[str, str]

    def facts(self, facts: Mapping[str, Any], t: Translate, lang: str) -> Iterator[tuple[str, str]]:
        """(what, how much) of an event."""
        for key in IN_WORDS:
            if key in facts:
                yield t(f"fact.{key}"), self._value(key, facts[key], t, lang)

    def _value(self, key: str, given: Any, t: Translate, lang: str) -> str:
        if given is None:
            return t("field.nobody")
        value = str(given)
        match key:
            case "kept_department" | "danger":
                return t("answer.yes")
            case "assignee":
                return self.colleagues.get(value, value)
            case "department" | "from_department":
                return self.departments.get(value, value)
            case "manager":
                return self.managers.get(value, value)
            case "category" | "from_category":
                return self.categories.get(value, value)
            case "reason_code":
                return t(f"reason.{value}")
            case "expected_on" | "review_on":
                return long_date(date.fromisoformat(value), lang)
            case _:
                return value
