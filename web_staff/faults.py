"""What a person reads when something went wrong: a page that says what, and where to go on."""

import re
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from nerirepo import errors
from nerirepo.errors import ServiceError
from nerirepo.language import LANGUAGES
from web import staff_browser
from web_staff import carried
from web_staff.from_list import with_list
from web_staff.pages import page
from web_staff.place import place_of
from web_staff.security import security_headers

WORDS = (
    "public_text",
    "public_note",
    "internal_note",
    "no_photo_reason",
    "measured_value",
    "external_reference",
    "reason",
    *(f"{name}.{lang}" for name in ("title", "words") for lang in LANGUAGES),
)
"""Of a form's fields, what a person has written."""

STATUS = {
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.Stale: 412,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}


_SLASH_TOO_MANY = re.compile(r"((?:/[\w.-]+)+)/")


def status_of(error: ServiceError) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def install(app: FastAPI) -> None:
    """Let every error leave as a page; who is not signed in is led to where one signs in, and back."""

    @app.exception_handler(errors.NotSignedIn)
    async def _(request: Request, _: errors.NotSignedIn) -> Response:
        if request.method == "GET":
            query = f"?{request.url.query}" if request.url.query else ""
            return _to_sign_in(request, request.url.path + query)
        return await _keep_for_later(request)

    @app.exception_handler(ServiceError)
    def _(request: Request, error: ServiceError) -> Response:
        return _fault_page(request, status_of(error), error.code)

    @app.exception_handler(RequestValidationError)
    def _(request: Request, _: RequestValidationError) -> Response:
        return _fault_page(request, 422, errors.Invalid.code)

    @app.exception_handler(HTTPException)
    def _(request: Request, error: HTTPException) -> Response:
        typed = _SLASH_TOO_MANY.fullmatch(request.scope["path"])
        if error.status_code == 404 and typed:
            return RedirectResponse(typed[1], 308)
        code = errors.NotFound.code if error.status_code == 404 else "other"
        return _fault_page(request, error.status_code, code)

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolExhausted)
    async def _(request: Request, _: Exception) -> Response:
        if request.method == "POST" and not hasattr(request.state, "carried"):
            async with carried.sent_by_nobody(request) as found:  # nobody could ask whose session it is
                request.state.carried = found[0] if found else None
        response = _fault_page(request, 503, errors.Unavailable.code)
        response.headers["Retry-After"] = "5"
        return response

    @app.exception_handler(Exception)
    def _(request: Request, _: Exception) -> Response:
        # Outside of all middleware, so the headers are added here.
        response = _fault_page(request, 500, "other")
        response.headers.update(security_headers())
        return response


async def _keep_for_later(request: Request) -> Response:
    """The session has ended: what was typed waits for the member for whom the form was made."""
    here = carried.page_of(request)
    is_kept = False
    try:
        staff_browser.check_origin(request.method, request.headers)
        async with carried.sent_by_nobody(request) as found:
            if found:
                await run_in_threadpool(carried.keep, found[1], found[0])
                is_kept = True
    except staff_browser.ForeignForm as error:
        return _fault_page(request, status_of(error), error.code)
    except ServiceError:
        is_kept = True  # the words; a photo could not be
    return _to_sign_in(
        request, f"{place_of(request)}/{here}{with_list(request)}" if here else None, is_kept=is_kept
    )


def _to_sign_in(request: Request, back: str | None, *, is_kept: bool = False) -> Response:
    query = f"?next={quote(back)}" if back else ""
    kept = "&kept=1" if query and is_kept else ""
    return RedirectResponse(f"{place_of(request)}/sign-in{query}{kept}", 303)


def _fault_page(request: Request, status: int, code: str) -> Response:
    """With all that a form carried: to be sent again where that helps, to be copied where it does not."""
    brought = getattr(request.state, "carried", None)
    return page(
        request,
        "fault.html",
        status=status,
        code=code,
        carried=brought,
        sent_to=f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
        can_be_sent_again=request.method == "POST" and (status == 429 or status >= 500),
        words=[(name, words) for name, words in brought.typed.items() if words and name in WORDS]
        if brought
        else [],
    )
