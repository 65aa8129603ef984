"""Whose place is it? Asked before posting, so that people know who will hear of it."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.mobile.as_json import AsJson
from api.mobile.contract import answers
from api.mobile.language import Language
from api.mobile.named import Latitude, Longitude
from nerirepo.catalogue.read import WardNotLoaded
from nerirepo.places.locate import LayerMissing
from nerirepo.publication.lookup import Lookup, look_up
from nerirepo.words.fields import Text
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
) -> Lookup:
    """Inside the ward or not, the town, who is responsible and why, and published reports close by."""
    return look_up(session, public, lat, lon, category, lang)
