"""How a route of /v1 declares what it answers: the shape of its success, and every error by its class."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from fastapi import Response

from api.concurrency_limit import Crowded
from api.problems import Problem
from nerirepo.base.errors import Invalid, NotFound, ServiceError
from web.errors import (
    AppTooOld,
    CrossedOver,
    DatabaseAway,
    DiskFull,
    Internal,
    MethodNotAllowed,
    TooLarge,
    status_of,
)

Error = type[ServiceError]

ANY_REQUEST: tuple[Error, ...] = (TooLarge, Invalid, AppTooOld, Internal, Crowded, DatabaseAway)
"""Any request can be too long, malformed or of an old app; any may come while we are down."""
WRITING: tuple[Error, ...] = (CrossedOver, DiskFull)
NO_ROUTE: tuple[Error, ...] = (NotFound, MethodNotAllowed)
"""Answered where there is no route, so that no route declares them."""

CODES = "x-codes"
"""In the document: the codes that an answer may carry. An open list: more may come at any time."""
COMES_WITH = "x-comes-with"
"""In the document, of a success that came later: the field of the request without which it never comes."""
NO_BODY = (204, 304)


def answers(
    model: Any,
    *errors: Error,
    status: int = 200,
    also: tuple[int, ...] = (),
    also_with: dict[int, str] | None = None,
    writes: bool = False,
) -> Any:
    """Keyword arguments of a route: what it answers, and which errors beside those of any request.

    `model`: the type that its view returns, and None for one without a body.
    `also`: further successes of the same shape. `also_with`: such that come only with a field of the request
    that is younger than the route. `writes`: the route changes something.
    """
    responses = refusals(*errors, writes=writes)
    comes_with = also_with or {}
    for code in (status, *also, *comes_with):
        has_body = model is not None and code not in NO_BODY
        responses[code] = {"description": _SUCCESSES[code]} | ({"model": model} if has_body else {})
        responses[code] |= {COMES_WITH: comes_with[code]} if code in comes_with else {}
    return {"response_model": None, "status_code": status, "responses": responses}


def refusals(*errors: Error, writes: bool = False) -> dict[int | str, Any]:
    """`responses` of a route: its errors, and those of any request."""
    return _problems((*errors, *ANY_REQUEST, *(WRITING if writes else ())))


def binary(content_types: Iterable[str]) -> dict[str, Any]:
    """`content` of a request or an answer that is bytes."""
    return {each: {"schema": {"type": "string", "format": "binary"}} for each in content_types}


def files(content_types: tuple[str, ...], *errors: Error, also: tuple[int, ...] = ()) -> Any:
    """As `answers`, for a route that answers with a picture, or whatever else is no JSON."""
    declared = answers(None, *errors, also=also) | {"response_class": Response}
    declared["responses"][200]["content"] = binary(content_types)
    return declared


_SUCCESSES = {
    200: "As asked",
    201: "Taken in",
    202: "Under way",
    204: "Done; there is nothing to say",
    304: "As you hold it already",
}


def _problems(errors: Iterable[Error]) -> dict[int | str, Any]:
    in_order = sorted(set(errors), key=lambda error: (status_of(error), error.code))
    return {
        status: _problem([error.code for error in alike]) for status, alike in groupby(in_order, status_of)
    }


def _problem(codes: list[str]) -> dict[str, Any]:
    named = ", ".join(f"`{code}`" for code in codes)
    return {"model": Problem, "description": f"Problem: {named}", CODES: codes}
