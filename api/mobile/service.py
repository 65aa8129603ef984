"""What an app needs to know of the service before anything else."""

from fastapi import APIRouter, Request, Response

from api.etag import tagged
from api.mobile.as_json import AsJson
from api.mobile.contract import answers
from api.mobile.language import Language
from api.mobile.levels import LEVEL, minimum_level
from nerirepo.base import clock
from nerirepo.catalogue.read import WardNotLoaded
from nerirepo.publication import read as published
from nerirepo.reports.service_view import Service, service_view
from web.audience import for_everyone
from web.db import Reading

router = APIRouter(route_class=AsJson, tags=["service"], dependencies=[for_everyone])


@router.get("/service", **answers(Service, WardNotLoaded, also=(304,)))
def read_service(request: Request, session: Reading, lang: Language) -> Response:
    """Name, levels, limits, languages, emergency contacts, hours, is posting open, terms, receipt keys."""
    revision = published.revision(session)
    least = minimum_level(clock.today_in_japan())
    return tagged(
        request,
        service_view(session, lang, contract_level=LEVEL, minimum_level=least),
        cache_control="public, max-age=60",
        cache_revision=revision,
    )
