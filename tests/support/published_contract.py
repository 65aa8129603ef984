"""Holds each answer of /v1 against the published contract: path, status, media type, fields, codes.

The API of this process is watched from inside, so that no client, browser or phone escapes (see `watched`).
Of a service in a process of its own, tests hand over what they receive (see `check`).
"""

import gzip
import json
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
from jsonschema import Draft202012Validator

from api.mobile import router
from api.mobile.contract import CODES
from api.mobile.document import PROBLEM, document
from api.mobile.error_table import ADVICE, Then
from api.mobile.levels import LEVELS

LEVELS_FOLDER = Path(__file__).resolve().parents[2] / "mobile_contract" / "levels"


class NotInContract(AssertionError):
    """The service answered what no app was told to expect."""


NOT_PUBLISHED: list[str] = []
"""What the watched API has answered against the contract since somebody looked."""


OF_LAST_RELEASE: set[int] = set()
"""Ports at which programs of the last release answer: they are held to the newest level that is frozen."""


@cache
def frozen() -> dict[str, Any]:
    return json.loads((LEVELS_FOLDER / str(LEVELS[-1].number) / "openapi.json").read_text())


@cache
def contract() -> dict[str, Any]:
    """As published, but closed: to an app further fields are welcome, here they are undeclared."""
    published = document(router)
    for schema in published["components"]["schemas"].values():
        if schema.get("properties"):
            schema["additionalProperties"] = False
    return published


def watched(call: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """`FastAPI.__call__`, keeping in `NOT_PUBLISHED` what it answers against the contract."""

    async def watching(app: Any, scope: Any, receive: Any, send: Any) -> None:
        started: dict[str, Any] = {}
        parts: list[bytes] = []

        async def keep(message: Any) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    _keep_fault(scope, started, b"".join(parts))
            await send(message)

        is_ours = scope["type"] == "http" and scope["path"].startswith("/v1/")
        await call(app, scope, receive, keep if is_ours else send)

    return watching


def _keep_fault(scope: Any, started: Mapping[str, Any], body: bytes) -> None:
    headers = {name.decode().lower(): value.decode() for name, value in started["headers"]}
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    try:
        hold(scope["method"], scope["path"], started["status"], headers.get("content-type", ""), body)
    except NotInContract as fault:
        NOT_PUBLISHED.append(str(fault))


def check(response: httpx2.Response) -> None:
    """Raise `NotInContract` unless the contract declares this answer. Other doors are not its matter."""
    request = response.request
    if request.url.path.startswith("/v1/"):
        content_type = response.headers.get("content-type", "")
        published = frozen() if request.url.port in OF_LAST_RELEASE else contract()
        told = (response.status_code, content_type, response.read())
        hold(request.method, request.url.path, *told, published=published)


def hold(
    method: str,
    path: str,
    status: int,
    content_type: str,
    body: bytes,
    published: dict[str, Any] | None = None,
) -> None:
    """Raise `NotInContract` unless the contract declares this answer to `method path` of /v1."""
    published = published or contract()
    is_head = method == "HEAD"
    operation = _operation(published, path, "get" if is_head else method.lower())
    if operation is None:
        if status not in (404, 405, 413):
            raise NotInContract(f"{method} {path} is not in the contract and answers {status}")
        return
    answered = f"{method} {path} {status}"
    declared = operation["responses"].get(str(status))
    if declared is None:
        raise NotInContract(f"{answered}: this status is not declared")
    if "content" not in declared:
        if body:
            raise NotInContract(f"{answered}: a body is not declared")
        return
    media_type = content_type.partition(";")[0]
    if media_type not in declared["content"]:
        raise NotInContract(f"{answered}: {media_type} is not declared")
    if is_head or not media_type.endswith("json"):
        return
    content = json.loads(body)
    schema = declared["content"][media_type]["schema"] | {"components": published["components"]}
    faults = list(Draft202012Validator(schema).iter_errors(content))
    if faults:
        told = "; ".join(f"{fault.json_path}: {fault.message[:200]}" for fault in faults[:5])
        raise NotInContract(f"{answered}: {told}")
    if media_type == PROBLEM:
        _check_problem(answered, content, declared[CODES])


def _check_problem(answered: str, problem: dict[str, Any], codes: list[str]) -> None:
    if problem["code"] not in codes:
        raise NotInContract(f"{answered}: the code {problem['code']} is not declared")
    if problem["retryable"] is not (ADVICE[problem["code"]].then is Then.REPEAT):
        raise NotInContract(f"{answered}: {problem['code']} is retryable, or not, against errors.md")


def _operation(published: dict[str, Any], path: str, method: str) -> dict[str, Any] | None:
    steps = path.split("/")
    for template, operations in published["paths"].items():
        wanted = template.split("/")
        fits = len(wanted) == len(steps) and all(
            want == step or want.startswith("{") for want, step in zip(wanted, steps, strict=True)
        )
        if fits and method in operations:
            return operations[method]
    return None
