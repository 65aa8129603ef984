"""Whose is a place, and what is published around it? For whoever is about to report something there."""

from sqlmodel import Session
from typing_extensions import TypedDict

from nerirepo.places import office
from nerirepo.places.office import Neighbour, Responsible
from nerirepo.places.responsible import responsible
from nerirepo.publication.read import NearbyReport, nearby


class Lookup(TypedDict):
    """`border`: within 50 m of the ward's boundary; please confirm the place."""

    inside: bool
    border: bool
    town: str | None
    neighbour: Neighbour | None
    responsible: Responsible
    nearby: list[NearbyReport]


def look_up(
    session: Session, public: Session, lat: float, lon: float, category: str | None, lang: str
) -> Lookup:
    """Raises `LayerMissing` and `WardNotLoaded`. `public` reads what is published."""
    found = responsible(session, lat, lon, category, {})
    return {
        "inside": found.facts.inside,
        "border": found.facts.border,
        "town": found.facts.town,
        "neighbour": office.neighbour(found.facts),
        "responsible": found.office.shown(found.decision.reason, lang),
        "nearby": nearby(public, lat, lon, category, language=lang),
    }
