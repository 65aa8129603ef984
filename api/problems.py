"""How an error looks to a program: RFC 9457 problem+json with a stable `code` and whether to try again."""

import errno
import logging
import re
from http import HTTPStatus
from typing import Annotated, Any, NotRequired

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from typing_extensions import TypedDict

from nerirepo.base import errors
from nerirepo.base.errors import FieldFault, ServiceError
from nerirepo.catalogue.offered import known
from nerirepo.places.office import Neighbour
from nerirepo.words import language
from web.accept_language import chosen
from web.errors import SECONDS_TO_WAIT, DiskFull, Internal, MethodNotAllowed, from_database, status_of

log = logging.getLogger(__name__)


NAME_OF_A_FIELD = re.compile(r"[A-Za-z0-9_.-]{1,64}")

TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""As RFC 9110 has them; Python knows them by these names from 3.13 on."""

PARTS = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "too_long": "too_long",
    "string_too_long": "too_long",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "text_not_allowed": "characters",
}
"""A fault that the types of a request have found, to its words in the catalogues; all others are `wrong`."""


class Fault(TypedDict):
    """One fault of a request."""

    field: Annotated[str, Field(examples=["location.lat"])]
    code: Annotated[str, Field(examples=["less_than_equal"])]
    detail: str


class Problem(TypedDict):
    """RFC 9457, with a stable `code` and whether the same request may succeed later."""

    # An error's facts stand beside these members; apps may rely on those that are named below.
    __pydantic_config__ = ConfigDict(json_schema_extra={"additionalProperties": True})  # type: ignore[misc]

    type: Annotated[str, Field(examples=["urn:nerirepo:problem:outside_ward"])]
    title: str
    status: int
    code: Annotated[str, Field(examples=["outside_ward"])]
    detail: str
    errors: list[Fault]
    retryable: bool
    neighbour: NotRequired[
        Annotated[Neighbour, Field(description="With `outside_ward`, where it is known whose place it is")]
    ]
    tries_left: NotRequired[Annotated[int, Field(description="With `code_wrong`")]]
    report_status: NotRequired[
        Annotated[str, Field(description="With `move_not_possible`, `not_closed_yet` and `other_question`")]
    ]
    action: NotRequired[Annotated[str, Field(description="With `move_not_possible`")]]
    bytes_taken: NotRequired[Annotated[int, Field(description="With `too_large`")]]


def rendered(error: ServiceError, accept_language: str | None) -> JSONResponse:
    """The one shape of every error, in the caller's language."""
    status = status_of(type(error))
    spoken = chosen(accept_language, known().languages)
    detail = language.messages(spoken).get(f"error.{error.code}")
    body: Problem = {
        "type": f"urn:nerirepo:problem:{error.code}",
        "title": TITLES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "code": error.code,
        "detail": detail or error.detail,
        "errors": [
            {"field": each.field, "code": each.code, "detail": _in_words(each, spoken)}
            for each in error.faults
        ],
        "retryable": error.retryable,
    }
    headers = {"Content-Language": language.tag(spoken) if detail else "en"}
    wait = error.retry_after or (SECONDS_TO_WAIT if isinstance(error, errors.Unavailable) else None)
    if wait is not None:
        headers["Retry-After"] = str(wait)
    if isinstance(error, errors.NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, errors.Stale):
        headers["ETag"] = f'"{error.facts["version"]}"'  # with which the same may be asked for anew
    return JSONResponse(error.facts | body, status, headers=headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Let every error of `app` leave as a problem."""

    @app.exception_handler(ServiceError)
    def _(request: Request, error: ServiceError) -> JSONResponse:
        return rendered(error, request.headers.get("accept-language"))

    @app.exception_handler(RequestValidationError)
    def _(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = tuple(_fault(each) for each in error.errors())
        return rendered(errors.Invalid(faults=faults), request.headers.get("accept-language"))

    @app.exception_handler(HTTPException)
    def _(request: Request, error: HTTPException) -> JSONResponse:
        # What the framework refuses itself: an unknown path or method, a body that is no text at all.
        kind = {404: errors.NotFound, 405: MethodNotAllowed}.get(error.status_code, errors.Invalid)
        answer = rendered(kind(), request.headers.get("accept-language"))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(DBAPIError)
    @app.exception_handler(PoolExhausted)
    @app.exception_handler(psycopg.Error)
    def _(request: Request, error: Exception) -> JSONResponse:
        told = from_database(error)
        if told is None:
            log.error("a fault of ours", exc_info=error)
            return rendered(Internal(), request.headers.get("accept-language"))
        log.warning("the database did not answer: %s", type(error).__name__)
        return rendered(told, request.headers.get("accept-language"))

    @app.exception_handler(ClientDisconnect)
    def _(request: Request, error: Exception) -> JSONResponse:
        # A phone in a tunnel: nothing is wrong here, and nobody reads this answer.
        log.info("a client went away")
        return rendered(errors.Invalid(), request.headers.get("accept-language"))

    @app.exception_handler(OSError)
    def _(request: Request, error: OSError) -> JSONResponse:
        # An upload waits in a file until it is stored; the disk with such files may be full.
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        log.error("a fault of the system", exc_info=error)
        told = DiskFull(retry_after=60) if is_full else Internal()
        return rendered(told, request.headers.get("accept-language"))


def _in_words(fault: FieldFault, spoken: str) -> str:
    """In English as whoever checked it says, most exactly; else from the catalogue, where that knows it."""
    if spoken == "en":
        return fault.detail
    words = language.messages(spoken)
    part = PARTS.get(fault.code, "wrong" if fault.is_of_form else fault.code)
    return words.get(f"part.{part}") or words.get(f"error.{fault.code}") or fault.detail


def _fault(each: Any) -> FieldFault:
    # Never the input itself: it may be what the database or a terminal chokes on.
    place = [str(step) for step in each["loc"] if step not in ("body", "query", "path", "header")]
    # A step that is no name of ours tells how we check, not where the fault is.
    field = ".".join(step for step in place if NAME_OF_A_FIELD.fullmatch(step))[:200]
    return FieldFault(
        field, str(each["type"]), str(each["msg"]).encode("utf-8", "replace").decode()[:300], is_of_form=True
    )
