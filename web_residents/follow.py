"""/l/follow/... and /l/confirm/...: following a public report by mail, without an app and without a program.

The form mails a link to the address, and only the button behind that link does something.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from nerirepo.base import links
from nerirepo.base.errors import ServiceError
from nerirepo.base.links import Purpose
from nerirepo.catalogue import read as catalogue
from nerirepo.notifications import follow_by_mail
from nerirepo.reports.find import find_public
from nerirepo.reports.tables import Report
from nerirepo.words import language
from web.audience import client_of, for_everyone
from web.db import Reading, Transaction
from web_residents.failure import PageRoute
from web_residents.own_form import own_form
from web_residents.page import language_of, page, ward_profile

router = APIRouter(route_class=PageRoute, dependencies=[for_everyone, own_form])


@router.api_route("/follow/{number}", methods=["GET", "HEAD"])
def ask_address(session: Reading, request: Request, number: str) -> HTMLResponse:
    """The form for the address."""
    return _page(session, request, "follow.j2", find_public(session, number))


@router.post("/follow/{number}")
def mail_link(
    session: Transaction, request: Request, number: str, email: Annotated[str, Form()] = ""
) -> HTMLResponse:
    """Mails the link."""
    wanted, client = find_public(session, number), client_of(request)
    try:
        follow_by_mail.ask(session, wanted, email=email, locale=language_of(request), client=client)
    except ServiceError as error:
        return _page(session, request, "follow.j2", wanted, fault=error.code, email=email)
    return _page(session, request, "follow_sent.j2", wanted, email=email)


@router.api_route("/confirm/{token}", methods=["GET", "HEAD"])
def ask_first(session: Reading, request: Request, token: str) -> HTMLResponse:
    """Asks first: mail scanners open every link."""
    report, challenge = follow_by_mail.asked(session, links.read(Purpose.CONFIRM, token))
    return _page(session, request, "confirm.j2", report, default=challenge.locale, done=False)


@router.post("/confirm/{token}")
def confirm(session: Transaction, request: Request, token: str) -> HTMLResponse:
    """Follows the report."""
    report, challenge = follow_by_mail.confirm(session, links.read(Purpose.CONFIRM, token))
    return _page(session, request, "confirm.j2", report, default=challenge.locale, done=True)


def _page(
    session: Session,
    request: Request,
    template: str,
    report: Report,
    *,
    default: str | None = None,
    fault: str | None = None,
    email: str = "",
    done: bool = False,
) -> HTMLResponse:
    lang = language_of(request, default)
    return page(
        template,
        lang,
        ward_profile(session),
        status=422 if fault else 200,
        report=report,
        category=language.name(catalogue.category(session, report.category_code).names, lang),
        fault=fault,
        email=email,
        done=done,
    )
