"""Holds an answer of /v1 against the published contract: path, status, media type, fields, codes."""

from functools import cache
from typing import Any

import httpx2
from jsonschema import Draft202012Validator

from api.mobile import router
from api.mobile.contract import CODES
from api.mobile.document import PROBLEM, document
from api.mobile.error_table import ADVICE, Then


class NotInContract(AssertionError):
    """The service answered what no app was told to expect."""


@cache
def contract() -> dict[str, Any]:
    """As published, but closed: to an app further fields are welcome, here they are undeclared."""
    published = document(router)
    for schema in published["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return published


def check(response: httpx2.Response) -> None:
    """Raise `NotInContract` unless the contract declares this answer. Other doors are not its matter."""
    path, method = response.request.url.path, response.request.method.lower()
    if not path.startswith("/v1/"):
        return
    operation = _operation(path, method)
    if operation is None:
        if response.status_code not in (404, 405, 413):
            raise NotInContract(f"{method} {path} is not in the contract and answers {response.status_code}")
        return
    answered = f"{method} {path} {response.status_code}"
    declared = operation["responses"].get(str(response.status_code))
    if declared is None:
        raise NotInContract(f"{answered}: this status is not declared")
    if "content" not in declared:
        return
    media_type = response.headers["content-type"].partition(";")[0]
    if media_type not in declared["content"]:
        raise NotInContract(f"{answered}: {media_type} is not declared")
    if not media_type.endswith("json"):
        return
    response.read()
    content = response.json()
    schema = declared["content"][media_type]["schema"] | {"components": contract()["components"]}
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


def _operation(path: str, method: str) -> dict[str, Any] | None:
    steps = path.split("/")
    for template, operations in contract()["paths"].items():
        wanted = template.split("/")
        fits = len(wanted) == len(steps) and all(
            want == step or want.startswith("{") for want, step in zip(wanted, steps, strict=True)
        )
        if fits and method in operations:
            return operations[method]
    return None
