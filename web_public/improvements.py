"""/improvements and /deeds: what came of reports, and what people do for their town by themselves."""

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from nerirepo.publication import read
from nerirepo.publication.read import Chosen, Sort, Which
from web_public.answer import page
from web_public.conditional_get import cached
from web_public.page_context import PageContext

A_PAGE = 12


def improvements(request: Request) -> Response:
    """Before and after. First those that the reporter is glad of or the desk has chosen; `?show=all` for all
    with both pictures."""
    show = request.query_params.get("show") or None
    if show not in (None, "all"):
        raise read.FilterInvalid
    show_all = show == "all"
    chosen = Chosen(which=Which.IMPROVED, good=not show_all)

    def make(session: Session, visit: PageContext) -> Response:
        found = _page_of(session, visit, chosen, Sort.CLOSED)
        return page(request, visit, "improvements.html", found=found, show_all=show_all)

    return cached(request, make)


def deeds(request: Request) -> Response:
    def make(session: Session, visit: PageContext) -> Response:
        found = _page_of(session, visit, Chosen(which=Which.DEED), Sort.NEWEST)
        return page(request, visit, "deeds.html", found=found)

    return cached(request, make)


def _page_of(session: Session, visit: PageContext, chosen: Chosen, sort: Sort) -> read.Page:
    cursor = visit.query.get("cursor")
    return read.newest(session, chosen, sort=sort, cursor=cursor, limit=A_PAGE, language=visit.language)
