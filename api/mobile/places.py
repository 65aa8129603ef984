"""Whose place is it? Asked before posting, so that people know who will hear of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.mobile.answers import Lookup
from api.mobile.as_json import AsJson
from api.mobile.contract import answers
from api.mobile.language import Language
from api.mobile.named import Latitude, Longitude
from nerirepo import language
from nerirepo.catalogue.read import WardNotLoaded
from nerirepo.fields import Text
from nerirepo.places.locate import LayerMissing
from nerirepo.places.responsible import responsible
from nerirepo.publication import read as published
from web.audience import for_everyone
from web.db import PublicReading, Reading

router = APIRouter(route_class=AsJson, tags=["places"], dependencies=[for_everyone])


@router.get("/places/lookup", **answers(Lookup, LayerMissing, WardNotLoaded))
def look_up_place(
    session: Reading,
    public: PublicReading,
    lang: Language,
    lat: Latitude,
    lon: Longitude,
    category: Annotated[
        Text | None, Query(max_length=64, description="What will be reported, if that is known yet")
    ] = None,
) -> dict[str, Any]:
    """Inside the ward or not, the town, who is responsible and why, and published reports close by."""
    found = responsible(session, lat, lon, category, {})
    facts = found.facts
    return {
        "inside": facts.inside,
        "border": facts.border,
        "town": facts.town,
        "neighbour": {"name": facts.neighbour.name, "code": facts.neighbour.code}
        if facts.neighbour
        else None,
        "responsible": {
            "kind": str(found.office.kind),
            "code": found.office.code,
            "name": language.name(found.office.names, lang),
            "reason": language.name(found.decision.reason, lang),
            "contact": language.contact(found.office.contact, lang),
        },
        "nearby": published.nearby(public, lat, lon, category, language=lang),
    }
