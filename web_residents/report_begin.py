"""/l/report: posting without a program in the browser. First the address and the code that is mailed to it.

Who has typed the code gets a link of their own to the form. It speaks for one report, for two hours: no
cookie, and nothing that another site could make a browser send.
"""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from nerirepo.base import links
from nerirepo.base.errors import ServiceError, TooMany
from nerirepo.base.ids import uuid7
from nerirepo.base.links import Purpose
from nerirepo.database import db
from nerirepo.notifications import code_letter
from nerirepo.notifications.code_letter import CodeLetter
from nerirepo.reporters import devices, sign_in
from nerirepo.words import address, typed_code
from web.audience import client_of, for_everyone
from web.db import Reading, Transaction
from web_residents.failure import PageRoute
from web_residents.own_form import own_form
from web_residents.page import language_of, page, ward_profile

router = APIRouter(route_class=PageRoute, dependencies=[for_everyone, own_form])

VALID_FOR = timedelta(hours=2)
"""Somebody who walks back to look at the number of a lamp post is still in time."""
LETTER_REFUSED = "posting.said.letter_refused"
OF_LINK = ("lat", "lon", "earlier")
"""What a link to this page may say; it is kept until the form, in whichever language."""


@router.api_route("/report", methods=["GET", "HEAD"])
def ask_address(session: Reading, request: Request) -> HTMLResponse:
    """The form for the address."""
    return _page(session, request, "report_email.j2")


@router.post("/report")
def mail_code(session: Transaction, request: Request, email: Annotated[str, Form()] = "") -> HTMLResponse:
    """Mails a code and asks for it."""
    lang = language_of(request)
    try:
        challenge = sign_in.begin(session, email=email, locale=lang, client=client_of(request))
    except ServiceError as error:
        return _page(session, request, "report_email.j2", fault=_fault(error), email=email)
    return _page(session, request, "report_code.j2", email=challenge.email, challenge_id=challenge.id)


@router.get("/report-code")
def begin_again(request: Request) -> RedirectResponse:
    """Whoever reloads the page of the code, or wants it in another language."""
    return RedirectResponse(f"/l/report{_carried(request)}", status_code=303)


@router.post("/report-code")
def try_code(
    request: Request,
    challenge_id: Annotated[UUID, Form()],
    code: Annotated[str, Form(max_length=typed_code.LONGEST_TYPED)] = "",
    email: Annotated[str, Form(max_length=address.LONGEST_TYPED)] = "",
    look: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Leads to the form, or asks again. `look`: tells where the letter is instead."""
    if look:
        return _look_for_letter(request, challenge_id, email)
    # A transaction of its own: a wrong try is committed, and then told.
    with db.transaction() as session:
        outcome = sign_in.finish(session, challenge_id, code, client=client_of(request))
        if isinstance(outcome, sign_in.SignedIn):
            # The link is enough: no device stays signed in that may be a library's.
            devices.sign_out(session, outcome.token)
            token = links.make(Purpose.REPORT, uuid7(), outcome.reporter.id, valid_for=VALID_FOR)
            return RedirectResponse(f"/l/report/{token}{_carried(request)}", status_code=303)
    with db.reading() as session:
        is_wrong = isinstance(outcome.error, sign_in.CodeWrong)
        if is_wrong and code_letter.standing(session, challenge_id)["state"] == CodeLetter.REFUSED:
            return _page(session, request, "report_email.j2", fault=LETTER_REFUSED, email=email)
        may_be_typed_again = is_wrong or isinstance(outcome.error, TooMany)
        return _page(
            session,
            request,
            "report_code.j2" if may_be_typed_again else "report_email.j2",
            fault=outcome.error.code,
            email=email,
            challenge_id=challenge_id,
        )


def _fault(error: ServiceError) -> str:
    """What is wrong with an address is said as exactly as it is known."""
    return f"part.{error.faults[0].code}" if error.faults else error.code


def _look_for_letter(request: Request, challenge_id: UUID, email: str) -> HTMLResponse:
    """An address that was refused for good is asked for again; else the code's page says how it stands."""
    with db.reading() as session:
        try:
            state = code_letter.standing(session, challenge_id)["state"]
        except sign_in.ChallengeUnknown as unknown:
            return _page(session, request, "report_email.j2", fault=unknown.code, email=email)
        if state == CodeLetter.REFUSED:
            return _page(session, request, "report_email.j2", fault=LETTER_REFUSED, email=email)
        note = f"posting.said.letter_{state}"
        return _page(session, request, "report_code.j2", note=note, email=email, challenge_id=challenge_id)


def _page(
    session: Session,
    request: Request,
    template: str,
    *,
    fault: str | None = None,
    note: str | None = None,
    email: str = "",
    challenge_id: UUID | None = None,
) -> HTMLResponse:
    return page(
        template,
        language_of(request),
        ward_profile(session),
        status=422 if fault else 200,
        fault=fault,
        note=note,
        email=email,
        challenge_id=challenge_id,
        carried=_carried(request),
        kept=prefilled(request),
    )


def prefilled(request: Request) -> dict[str, str]:
    given = {name: request.query_params.get(name, "")[:40] for name in OF_LINK}
    return {name: value for name, value in given.items() if value}


def _carried(request: Request) -> str:
    lang = request.query_params.get("lang")
    carried = ({"lang": lang} if lang else {}) | prefilled(request)
    return f"?{urlencode(carried)}" if carried else ""
