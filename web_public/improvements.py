"""/improvements and /deeds: what came of reports, and what people do for their town by themselves."""

from starlette.requests import Request
from starlette.responses import Response

from nerirepo.db import public_reading
from nerirepo.publication import read
from nerirepo.publication.read import Chosen, Sort, Which
from web_public.answer import page
from web_public.visit import Visit

A_PAGE = 12


def improvements(request: Request) -> Response:
    """Before and after. First those that the reporter is glad of; `?show=all` for all with both pictures."""
    show_all = request.query_params.get("show") == "all"
    cursor = request.query_params.get("cursor") or None
    with public_reading() as session:
        visit = Visit.of(request, read.ward(session))
        found = read.newest(
            session,
            Chosen(which=Which.IMPROVED, glad=not show_all),
            sort=Sort.CLOSED,
            cursor=cursor,
            limit=A_PAGE,
            language=visit.language,
        )
    return page(request, visit, "improvements.html", found=found, show_all=show_all)


def deeds(request: Request) -> Response:
    with public_reading() as session:
        visit = Visit.of(request, read.ward(session))
        found = read.newest(
            session,
            Chosen(which=Which.DEED),
            cursor=request.query_params.get("cursor") or None,
            limit=A_PAGE,
            language=visit.language,
        )
    return page(request, visit, "deeds.html", found=found)
