"""Who looks after this place and this kind of thing? Two statements, then the rules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.errors import Invalid
from nerirepo.catalogue.read import WardNotLoaded
from nerirepo.catalogue.tables import ManagerKind
from nerirepo.database import sql
from nerirepo.places import routing
from nerirepo.places.facts import PlaceFacts, is_in_japan
from nerirepo.places.locate import locate
from nerirepo.places.office import Office, neighbour, office
from nerirepo.places.routing import CategoryFacts, Decision, Rule

# One statement, since posting a report asks this, too, and waits for each round trip.
_CATALOGUE = """
    SELECT
        (SELECT json_agg(rule ORDER BY position)::text FROM routing_rule) AS rules,
        (SELECT json_build_object('code', code, 'names', names, 'department', department_code)
            FROM category WHERE code = :category) AS category,
        (SELECT json_object_agg(code, json_build_object(
                'names', names, 'contact', json_build_object('phone', phone)) ORDER BY code)::text
            FROM department
            WHERE is_triage OR (valid_from <= :today AND (valid_until IS NULL OR valid_until >= :today))
            ) AS departments,
        (SELECT code FROM department WHERE is_triage) AS triage,
        (SELECT json_object_agg(code, json_build_object('kind', kind, 'names', names, 'contact', contact)
                ORDER BY code)::text
            FROM manager) AS managers
"""


class PlaceNotInJapan(Invalid):
    """This place is not in Japan. Have latitude and longitude been exchanged?"""

    code = "place_not_in_japan"


class OutsideWard(Invalid):
    """This place is outside the ward."""

    code = "outside_ward"


@dataclass(frozen=True)
class Responsible:
    facts: PlaceFacts
    decision: Decision
    office: Office
    triage: str
    """Code of the department that decides where rules cannot."""


def responsible(
    session: Session, lat: float, lon: float, category_code: str | None, answers: Mapping[str, Any]
) -> Responsible:
    """What is known of the place, who is responsible, and why.

    An unknown `category_code` counts as none chosen. Raises `LayerMissing` or `WardNotLoaded` before the ward
    has been loaded, never for a place: see `require_inside_or_border`.
    """
    return responsible_for(session, locate(session, lat, lon), category_code, answers)


def responsible_for(
    session: Session, facts: PlaceFacts, category_code: str | None, answers: Mapping[str, Any]
) -> Responsible:
    """As `responsible`, where the facts of the place are known."""
    row = _catalogue(session, category_code, clock.today_in_japan())
    departments, managers = _read(row.departments), _read(row.managers or "{}")
    decision = routing.decide(
        facts,
        CategoryFacts(**row.category) if row.category else None,
        answers,
        _rules(row.rules or "[]"),
        triage=row.triage,
        departments=departments.keys(),
        managers={
            code: routing.Manager(ManagerKind(each["kind"]), each["names"]) for code, each in managers.items()
        },
    )
    return Responsible(facts, decision, office(facts, decision, departments, managers), row.triage)


def require_inside_or_border(facts: PlaceFacts) -> None:
    """Raise `OutsideWard`, with the neighbour among its facts, unless the ward can take the place."""
    if facts.inside or facts.border:
        return
    if not is_in_japan(facts.lat, facts.lon):
        raise PlaceNotInJapan
    if facts.neighbour is None:
        raise OutsideWard
    raise OutsideWard(
        f"This place is in {facts.neighbour.name}, outside the ward.",
        facts={"neighbour": neighbour(facts)},
    )


def _catalogue(session: Session, category_code: str | None, today: date) -> Any:
    row = sql.first(session, _CATALOGUE, {"category": category_code, "today": today})
    if row.triage is None:
        raise WardNotLoaded
    return row


# What the tables hold is read anew for each report, and understood anew only when it has changed: checking
# the rules takes as long as all the rest of routing.


@lru_cache(maxsize=4)
def _rules(written: str) -> tuple[Rule, ...]:
    return tuple(Rule.model_validate(each) for each in json.loads(written))


@lru_cache(maxsize=8)
def _read(written: str) -> Mapping[str, Any]:
    return json.loads(written)
