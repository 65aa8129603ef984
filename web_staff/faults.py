"""What a person reads when something went wrong: a page that says what, and where to go on."""

from urllib.parse import quote

import psycopg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from nerirepo.base import errors
from nerirepo.base.errors import ServiceError
from nerirepo.words.language import LANGUAGES
from web import staff_browser
from web.errors import SECONDS_TO_WAIT, from_database, status_of
from web.paths import as_asked, without_last_slash
from web_staff import carried
from web_staff.area import area_of
from web_staff.from_list import with_list
from web_staff.pages import page
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


def install(app: FastAPI) -> None:
    """Let every error leave as a page; who is not signed in is led to where one signs in, and back."""

    @app.exception_handler(errors.NotSignedIn)
    async def _(request: Request, _: errors.NotSignedIn) -> Response:
        if request.method == "GET":
            return _to_sign_in(request, as_asked(request))
        return await _keep_for_later(request)

    @app.exception_handler(ServiceError)
    def _(request: Request, error: ServiceError) -> Response:
        return _fault_page(request, status_of(type(error)), error.code)

    @app.exception_handler(RequestValidationError)
    def _(request: Request, _: RequestValidationError) -> Response:
        return _fault_page(request, 422, errors.Invalid.code)

    @app.exception_handler(HTTPException)
    def _(request: Request, error: HTTPException) -> Response:
        meant = without_last_slash(request.scope["path"])
        if error.status_code == 404 and meant:
            return RedirectResponse(meant, 308)
        code = errors.NotFound.code if error.status_code == 404 else "other"
        return _fault_page(request, error.status_code, code)

    @app.exception_handler(DBAPIError)
    @app.exception_handler(PoolExhausted)
    @app.exception_handler(psycopg.Error)
    async def _(request: Request, error: Exception) -> Response:
        told = from_database(error)
        if told is None:
            raise error
        if request.method == "POST" and not hasattr(request.state, "carried"):
            async with carried.sent_by_nobody(request) as found:  # nobody could ask whose session it is
                request.state.carried = found[0] if found else None
        response = _fault_page(request, status_of(type(told)), told.code)
        response.headers["Retry-After"] = str(told.retry_after or SECONDS_TO_WAIT)
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
                await run_in_threadpool(carried.save, found[1], found[0])
                is_kept = True
    except staff_browser.ForeignForm as error:
        return _fault_page(request, status_of(type(error)), error.code)
    except ServiceError:
        is_kept = True  # the words; a photo could not be
    return _to_sign_in(
        request, f"{area_of(request)}/{here}{with_list(request)}" if here else None, is_kept=is_kept
    )


def _to_sign_in(request: Request, back: str | None, *, is_kept: bool = False) -> Response:
    query = f"?next={quote(back)}" if back else ""
    kept = "&kept=1" if query and is_kept else ""
    return RedirectResponse(f"{area_of(request)}/sign-in{query}{kept}", 303)


def _fault_page(request: Request, status: int, code: str) -> Response:
    """With all that a form carried: to be sent again where that helps, to be copied where it does not."""
    brought = getattr(request.state, "carried", None)
    return page(
        request,
        "fault.html",
        status=status,
        code=code,
        carried=brought,
        sent_to=as_asked(request),
        can_be_sent_again=request.method == "POST" and (status == 429 or status >= 500),
        words=[(name, words) for name, words in brought.typed.items() if words and name in WORDS]
        if brought
        else [],
    )
