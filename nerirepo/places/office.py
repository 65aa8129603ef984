"""Whom may the resident ask about this place?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nerirepo import language
from nerirepo.catalogue.tables import ManagerKind
from nerirepo.places.facts import PlaceFacts
from nerirepo.places.routing import Decision


@dataclass(frozen=True)
class Office:
    """A department of the ward, another manager, or a neighbour."""

    kind: ManagerKind | Literal["ward"]
    code: str | None
    """None for a neighbour of which only the name is known, or nothing."""
    names: Mapping[str, str]
    contact: Mapping[str, Any]
    """`phone`, `mail`, `url`, `note` (by language): each optional."""


def office(
    facts: PlaceFacts, decision: Decision, departments: Mapping[str, Any], managers: Mapping[str, Any]
) -> Office:
    if decision.manager is not None:
        manager = managers[decision.manager]
        return Office(decision.kind, decision.manager, manager["names"], manager["contact"])
    if decision.kind == ManagerKind.NEIGHBOUR and facts.neighbour:
        return Office(decision.kind, None, {"ja": facts.neighbour.name}, {})
    if not (facts.inside or facts.border):
        # Some other municipality, of which nothing is known. Our own desk could do nothing.
        return Office(
            ManagerKind.NEIGHBOUR,
            None,
            {each: language.translator(each)("routing.elsewhere") for each in language.LANGUAGES},
            {},
        )
    department = departments[decision.department]
    return Office(decision.kind, decision.department, department["names"], department["contact"])
