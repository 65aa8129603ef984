"""What a person reads when something went wrong: a page that says what, and where to go on."""

import re
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException

from nerirepo import errors
from nerirepo.errors import ServiceError
from web_staff.pages import page
from web_staff.place import place_of
from web_staff.security import security_headers

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
    def _(request: Request, _: errors.NotSignedIn) -> Response:
        back = f"?next={quote(request.url.path)}" if request.method == "GET" else ""
        return RedirectResponse(f"{place_of(request)}/sign-in{back}", 303)

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
    def _(request: Request, _: Exception) -> Response:
        response = _fault_page(request, 503, errors.Unavailable.code)
        response.headers["Retry-After"] = "5"
        return response

    @app.exception_handler(Exception)
    def _(request: Request, _: Exception) -> Response:
        # Outside of all middleware, so the headers are added here.
        response = _fault_page(request, 500, "other")
        response.headers.update(security_headers())
        return response


def _fault_page(request: Request, status: int, code: str) -> Response:
    return page(request, "fault.html", status=status, code=code)
