"""/l/unsubscribe/...: no more letters about reports, by a button or by the mail program's own (RFC 8058)."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.audience import for_everyone
from api.db import Reading, Transaction
from api.letters.failure import PageRoute
from api.letters.page import language_of, page, ward_profile
from nerirepo import links
from nerirepo.links import Purpose
from nerirepo.reporters import profile

router = APIRouter(prefix="/unsubscribe", route_class=PageRoute, dependencies=[for_everyone])


@router.api_route("/{token}", methods=["GET", "HEAD"])
def ask(session: Reading, request: Request, token: str) -> HTMLResponse:
    """Asks first: mail scanners open every link."""
    reporter = profile.of(session, links.read(Purpose.UNSUBSCRIBE, token).reporter_id)
    lang = language_of(request, reporter.locale)
    return page(
        "unsubscribe.j2", lang, ward_profile(session), wants_letters=reporter.mail_updates, done=False
    )


@router.post("/{token}")
def stop(
    session: Transaction, request: Request, token: str, letters: Annotated[str, Form()] = ""
) -> HTMLResponse:
    """Stop the letters; `letters=on` (the button of the page that follows) lets them come again.

    A mail program posts `List-Unsubscribe=One-Click` without cookies or an Origin: the token says who.
    """
    reporter = profile.of(session, links.read(Purpose.UNSUBSCRIBE, token).reporter_id)
    reporter = profile.change(session, reporter, mail_updates=letters == "on")
    lang = language_of(request, reporter.locale)
    return page("unsubscribe.j2", lang, ward_profile(session), wants_letters=reporter.mail_updates, done=True)
