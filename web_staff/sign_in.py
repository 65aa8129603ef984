"""The page on which staff sign in, and signing out."""

import re
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from nerirepo.base.errors import NotSignedIn, ServiceError
from nerirepo.database import db
from nerirepo.staff import known_browser, sessions
from nerirepo.staff.sign_in import sign_in
from nerirepo.words import address
from web import staff_browser
from web.audience import client_of
from web.errors import status_of
from web_staff.area import AREAS, HOME, area_of
from web_staff.audience import AnyMember, for_everyone
from web_staff.pages import page

router = APIRouter()

_OURS = re.compile(rf"/({'|'.join(AREAS)})(/[A-Za-z0-9/-]*)?(\?[A-Za-z0-9=&%+,.:_~/-]*)?")

LONGEST = address.LONGEST_TYPED
"""Characters of an address, and more than enough for the other two fields."""


@router.get("/sign-in", dependencies=[for_everyone])
def show(request: Request, next: str = "", kept: str = "") -> Response:
    """`kept`: what somebody typed waits for them."""
    return page(request, "sign_in.html", next=next, email="", fault=None, kept=bool(kept))


@router.post("/sign-in", dependencies=[for_everyone])
def submit(
    request: Request,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    totp: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    """Sets the cookie and leads on; a refusal says nothing of what was wrong."""
    name = staff_browser.cookie_name()
    try:
        with db.transaction() as session:
            signed_in = sign_in(
                session,
                email=email[:LONGEST],
                password=password[:LONGEST],
                totp=totp[:LONGEST],
                client=client_of(request),
                browser=request.cookies.get(staff_browser.known_cookie_name()),
            )
        if isinstance(signed_in, NotSignedIn):
            raise signed_in
    except ServiceError as refusal:
        status = status_of(type(refusal))
        return page(
            request,
            "sign_in.html",
            status=status,
            next=next,
            email=email[:LONGEST],
            fault=refusal,
            kept=False,
        )
    response = RedirectResponse(_safe(next) or HOME[signed_in.member.role], 303)
    _keep(response, name, signed_in.token, sessions.LONGEST)
    _keep(response, staff_browser.known_cookie_name(), signed_in.browser, known_browser.VALID_FOR)
    return response


def _keep(response: Response, name: str, value: str, valid_for: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(valid_for.total_seconds()),
        path="/",
        httponly=True,
        secure=name.startswith("__Host-"),
        samesite="lax",
    )


@router.post("/sign-out")
def sign_out(request: Request, _: AnyMember) -> Response:
    name = staff_browser.cookie_name()
    with db.transaction() as session:
        sessions.sign_out(session, request.cookies[name])
    response = RedirectResponse(f"{area_of(request)}/sign-in", 303)
    response.delete_cookie(name, path="/", httponly=True, secure=name.startswith("__Host-"), samesite="lax")
    return response


def _safe(target: str) -> str | None:
    """A path of ours: never another site's address."""
    return target if _OURS.fullmatch(target) else None
