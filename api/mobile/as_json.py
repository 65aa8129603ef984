"""What a route returns becomes JSON in the thread that made it.

FastAPI itself walks through it piece by piece before it is written, in the event loop, where everybody else
waits: for a list of twenty reports that takes as long as the two statements that found them.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from fastapi import Response
from fastapi.routing import APIRoute


class AsJson(APIRoute):
    """`APIRouter(route_class=AsJson)`. Endpoints return what orjson can write, or a `Response` of their own.

    Of a `Response` that is among an endpoint's parameters nothing is taken over.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **declared: Any) -> None:
        super().__init__(path, _written(endpoint, declared.get("status_code") or 200), **declared)


def as_json(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


def _written(endpoint: Callable[..., Any], status: int) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(endpoint):
        return endpoint

    @wraps(endpoint)
    def written(**asked: Any) -> Response:
        content = endpoint(**asked)
        return content if isinstance(content, Response) else as_json(content, status)

    return written
