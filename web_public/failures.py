"""When a page cannot be shown: a friendly one, which needs neither the database nor the store."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from nerirepo.base.errors import FieldFault, Gone, Invalid, NotFound, ServiceError, Unavailable
from nerirepo.base.settings import settings
from nerirepo.database.db import public_reading
from nerirepo.publication import read
from nerirepo.publication.read import Ward
from web.cache_control import NOT_HERE
from web.paths import without_last_slash
from web_public.answer import page
from web_public.cors import cors_headers
from web_public.page_context import NO_WARD, PageContext
from web_public.security import security_headers

SECONDS_TO_WAIT = 10
FOR_PROGRAMS = (".csv", ".json", ".geojson", ".atom", ".xml", ".mvt")
"""A friendly page would be no use to them."""

_log = logging.getLogger(__name__)


def _failure(
    request: Request,
    status: int,
    *,
    headers: dict[str, str] | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    kind = status if status in (400, 404, 405, 410, 503) else 500 if status >= 500 else 400
    visit = PageContext.of(request, _ward() if status < 500 else NO_WARD, forgives=True)
    if request.scope["path"].endswith(FOR_PROGRAMS):
        return _problem(visit, status, kind, headers, faults)
    cache = NOT_HERE if status in (404, 410) else "no-store"
    wrong = {each.field for each in faults}
    rest = {name: value for name, value in visit.query.items() if name not in wrong}
    without = visit.link(visit.path, **rest) if wrong & visit.query.keys() else None
    response = page(request, visit, "failure.html", status=status, cache=cache, kind=kind, without=without)
    response.headers.update(headers or {})
    return response


def _problem(
    visit: PageContext, status: int, kind: int, headers: dict[str, str] | None, faults: tuple[FieldFault, ...]
) -> Response:
    """RFC 9457, for whoever reads data; `errors` as the API has them."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": HTTPStatus(status).name.lower(),
        "detail": visit.t(
            "site.failure.said",
            title=visit.t(f"site.failure.{kind}"),
            more=visit.t(f"site.failure.{kind}.more"),
        ),
        "errors": [
            {"field": each.field, "code": each.code, "detail": _in_words(each, visit)} for each in faults
        ],
        "retryable": status >= 500,
    }
    kept = {"Cache-Control": "no-store", "Content-Language": visit.tag} | (headers or {})
    return JSONResponse(content, status, kept, media_type="application/problem+json")


def _in_words(fault: FieldFault, visit: PageContext) -> str:
    """In English as whoever checked it says, most exactly."""
    return fault.detail if visit.language == "en" else visit.t(f"error.{fault.code}")


def _ward() -> Ward:
    try:
        with public_reading() as session:
            return read.ward(session)
    except SQLAlchemyError:
        return NO_WARD


def _of_service(request: Request, error: Exception) -> Response:
    match error:
        case NotFound():
            return _failure(request, 404)
        case Gone():
            return _failure(request, 410)
        case Invalid():
            return _failure(request, 400, faults=error.faults)
        case Unavailable():
            return _away(request, error)
        case _:
            raise error


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    meant = without_last_slash(request.scope["path"])
    if error.status_code == 404 and meant:
        return RedirectResponse(meant, 308, headers={"Cache-Control": NOT_HERE})
    return _failure(request, error.status_code, headers=dict(error.headers or {}))


def _away(request: Request, error: Exception) -> Response:
    _log.warning("away: %s", type(error).__name__)
    return _failure(request, 503, headers={"Retry-After": str(SECONDS_TO_WAIT)})


def _unexpected(request: Request, _: Exception) -> Response:
    # Outside of all middleware, so the headers are added here.
    headers = security_headers(is_https=settings().is_https) | cors_headers(request.scope["path"])
    return _failure(request, 500, headers=headers)


HANDLERS: dict[Any, Callable[[Request, Exception], Response]] = {
    ServiceError: _of_service,
    HTTPException: _of_http,
    OperationalError: _away,
    InterfaceError: _away,
    NoConnectionLeft: _away,
    Exception: _unexpected,
}
