"""/l/unsubscribe/...: no more letters about reports, by a button or by the mail program's own (RFC 8058)."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from nerirepo.base import links
from nerirepo.base.links import Purpose
from nerirepo.reporters import profile
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.follow import follows, unfollow
from web.audience import for_everyone
from web.db import Reading, Transaction
from web_residents.failure import PageRoute
from web_residents.page import language_of, page, ward_profile

router = APIRouter(prefix="/unsubscribe", route_class=PageRoute, dependencies=[for_everyone])


STOP, AGAIN, ONE = "off", "on", "one"
"""What the buttons send: no letters at all, letters again, or none about the one report that is followed."""


@router.api_route("/{token}", methods=["GET", "HEAD"])
def ask(session: Reading, request: Request, token: str) -> HTMLResponse:
    """Asks first: mail scanners open every link."""
    link = links.read(Purpose.UNSUBSCRIBE, token)
    reporter = profile.of(session, link.reporter_id)
    return _page(
        session,
        request,
        reporter,
        "ask" if reporter.mail_updates else "stopped",
        follows=follows(session, link.report_id, link.reporter_id),
    )


@router.post("/{token}")
def stop(
    session: Transaction, request: Request, token: str, letters: Annotated[str, Form()] = STOP
) -> HTMLResponse:
    """Stop the letters, or what the button says.

    A mail program posts `List-Unsubscribe=One-Click` without cookies or an Origin: the token says who.
    """
    link = links.read(Purpose.UNSUBSCRIBE, token)
    reporter = profile.of(session, link.reporter_id)
    if letters == ONE:
        unfollow(session, link.report_id, link.reporter_id)
        return _page(session, request, reporter, "unfollowed")
    reporter = profile.change(session, reporter, mail_updates=letters == AGAIN)
    return _page(session, request, reporter, "again" if reporter.mail_updates else "stopped")


def _page(
    session: Session, request: Request, reporter: Reporter, state: str, *, follows: bool = False
) -> HTMLResponse:
    lang = language_of(request, reporter.locale)
    return page("unsubscribe.j2", lang, ward_profile(session), state=state, follows=follows)
