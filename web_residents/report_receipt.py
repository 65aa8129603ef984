"""/l/report/{token}/receipt: what was sent, as it is stored. A browser can come back to it."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session, select

from nerirepo.base import links
from nerirepo.base.links import Link, Purpose
from nerirepo.photos.outcome import INCOMPLETE
from nerirepo.photos.tables import PhotoState
from nerirepo.publication.outlook import outlook_of
from nerirepo.reporters import profile
from nerirepo.reports import reporter_view
from nerirepo.reports.tables import ReportOriginal
from web.audience import for_everyone
from web.db import Reading
from web_residents import photo_places
from web_residents.failure import PageRoute
from web_residents.own_form import own_form
from web_residents.page import language_of, page, ward_profile

router = APIRouter(prefix="/report/{token}", route_class=PageRoute, dependencies=[for_everyone, own_form])

RECEIPT = "/receipt"


@router.api_route(RECEIPT, methods=["GET", "HEAD"])
def show_receipt(session: Reading, request: Request, token: str) -> Response:
    """The receipt; the form, where nothing has been sent yet."""
    link = links.read(Purpose.REPORT, token)
    reporter = profile.of(session, link.reporter_id)
    lang = language_of(request, reporter.locale)
    found = reporter_view.view(session, link.report_id, reporter.id, lang)
    if found is None:
        return to_page(request)
    report = found[0]
    # Mostly all have been looked at by now, since people read their report once more.
    photos = photo_places.opened(reporter.id, [each["photo_id"] for each in report["photos"]])
    return page(
        "report_done.j2",
        lang,
        ward_profile(session),
        report=report,
        outlook=outlook_of(session, report),
        damaged=sum(each.state is PhotoState.REJECTED for each in photos),
        incomplete=sum(each.reason == INCOMPLETE for each in photos),
        unopened=sum(each.state is PhotoState.RECEIVED for each in photos),
    )


def is_sent(session: Session, link: Link) -> bool:
    """Whether the report that the link is for has been sent."""
    sent = select(ReportOriginal.report_id).where(
        ReportOriginal.report_id == link.report_id, ReportOriginal.reporter_id == link.reporter_id
    )
    return session.exec(sent).first() is not None


def to_page(request: Request, path: str = "") -> RedirectResponse:
    """Below the link's address, in the language that was chosen."""
    lang = request.query_params.get("lang")
    query = f"?{urlencode({'lang': lang})}" if lang else ""
    return RedirectResponse(f"/l/report/{request.path_params['token']}{path}{query}", 303)
