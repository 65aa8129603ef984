"""Whom may residents ask? An office, and how they read of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from typing_extensions import TypedDict

from nerirepo.catalogue.tables import ManagerKind
from nerirepo.places.facts import PlaceFacts
from nerirepo.places.routing import Decision
from nerirepo.words import language


class Responsible(TypedDict):
    """`kind`: ward, tokyo, national, private, utility or neighbour. `contact` has phone, mail, url, note."""

    kind: str
    code: str | None
    name: str
    reason: str | None
    contact: dict[str, Any]


class Neighbour(TypedDict):
    """The municipality that a place outside the ward belongs to."""

    name: str
    code: str | None


@dataclass(frozen=True)
class Office:
    """A department of the ward, another manager, or a neighbour."""

    kind: ManagerKind | Literal["ward"]
    code: str | None
    """None for a neighbour of which only the name is known, or nothing."""
    names: Mapping[str, str]
    contact: Mapping[str, Any]
    """`phone`, `mail`, `url`, `note` (by language): each optional."""

    def shown(self, reason: Mapping[str, str] | None, lang: str) -> Responsible:
        """With the `reason` why it is this one."""
        return {
            "kind": self.kind,
            "code": self.code,
            "name": language.name(self.names, lang),
            "reason": language.name(reason, lang) if reason else None,
            "contact": language.contact(self.contact, lang),
        }


def neighbour(of: PlaceFacts) -> Neighbour | None:
    return {"name": of.neighbour.name, "code": of.neighbour.code} if of.neighbour else None


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
