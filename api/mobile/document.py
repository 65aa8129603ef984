"""The contract of /v1 as one OpenAPI 3.1 document: made from the routes, and from examples that were sent.

    python -m api.mobile.document FOLDER

reads examples.json there and writes openapi.json, errors.md and, when a level is new, levels/N/openapi.json.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from api.mobile.contract import CODES
from api.mobile.levels import LEVEL
from nerirepo.base.errors import NotSignedIn

PROBLEM = "application/problem+json"
JSON = "application/json"
DESCRIPTION = """\
Residents report what is broken; the municipality repairs it and says so.

Answers may gain fields, and enums and codes new values, at any time: ignore what you do not know.
`README.md`, `errors.md` and `compatibility.md` beside this document say the rest.
"""
TAGS = {
    "service": "What an app needs to know first",
    "categories": "What can be reported",
    "places": "Whose place is it?",
    "sign-in": "By a mailed code",
    "me": "The signed-in person",
    "photos": "Announced, sent, looked at",
    "reports": "Sent, read, followed, added to, judged",
    "public": "What everyone may see",
}
HEADERS = {
    "Retry-After": "Seconds to wait before the same request is worth repeating",
    "ETag": "Send it back in If-None-Match to be spared what you hold already",
    "Deprecation": "RFC 9745: since when this route, or your level, is on its way out",
    "Sunset": "RFC 8594: when it will be gone",
}
OPEN_TO_EVERYONE_TOO = ("read_report",)
"""Who signs in there sees more."""
WAITING = ("429", "503", "507")

Examples = dict[str, dict[str, Any]]
"""{method, path, query, request, status, answer} by operationId; of one that answers in several ways, also
by `operationId (what is special)`."""


def document(router: APIRouter, examples: Examples | None = None) -> dict[str, Any]:
    """OpenAPI 3.1 of exactly the routes of `router`."""
    whole = get_openapi(
        title="ねりレポ API",
        version=str(LEVEL),
        summary="What residents' apps may rely on",
        description=DESCRIPTION,
        routes=router.routes,
        tags=[{"name": name, "description": words} for name, words in sorted(TAGS.items())],
        servers=[{"url": "http://localhost:8000", "description": "Started by script/server"}],
        license_info={"name": "MIT", "url": "https://opensource.org/license/mit"},
    )
    components = whole["components"]
    components["securitySchemes"] = {
        "device": {"type": "http", "scheme": "bearer", "description": "The `token` that signing in gave"}
    }
    components["headers"] = {
        name: {"description": words, "schema": {"type": "string"}} for name, words in HEADERS.items()
    }
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    for operation in _operations(whole):
        _mend(operation)
        _illustrate(operation, (examples or {}).get(operation["operationId"]))
    _illustrate_schemas(whole, examples or {})
    for schema in components["schemas"].values():
        _without_titles(schema)
    return whole


def _operations(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in whole["paths"].values():
        yield from path.values()


def _mend(operation: dict[str, Any]) -> None:
    """What FastAPI writes in its own way: errors, sign-in, parameters that may be left out."""
    for status, answer in operation["responses"].items():
        if status >= "400":
            answer["content"] = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        headers = ["Deprecation", "Sunset"]
        headers += ["Retry-After"] if status in WAITING else []
        headers += ["ETag"] if "304" in operation["responses"] and status in ("200", "304") else []
        answer["headers"] = {each: {"$ref": f"#/components/headers/{each}"} for each in headers}
    if NotSignedIn.code in operation["responses"].get("401", {}).get(CODES, ()):
        is_open = operation["operationId"] in OPEN_TO_EVERYONE_TOO
        operation["security"] = ([{}] if is_open else []) + [{"device": []}]
    for parameter in operation.get("parameters", ()):
        _without_titles(parameter)
        schema = parameter["schema"]
        schema.pop("description", None)
        choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
        if len(choices) == 1:
            del schema["anyOf"]
            schema |= choices[0]


def _illustrate(operation: dict[str, Any], example: dict[str, Any] | None) -> None:
    if example is None:
        return
    if example.get("request") is not None:
        operation["requestBody"]["content"][JSON]["example"] = example["request"]
    content = operation["responses"][str(example["status"])].get("content", {})
    if JSON in content and example.get("answer") is not None:
        content[JSON]["example"] = example["answer"]


def _illustrate_schemas(whole: dict[str, Any], examples: Examples) -> None:
    """Each schema gets the first value of its kind that stands in an example."""
    schemas = whole["components"]["schemas"]
    operations = {each["operationId"]: each for each in _operations(whole)}
    for name, example in examples.items():
        operation = operations[name.partition(" ")[0]]
        asked = operation.get("requestBody", {}).get("content", {})
        answered = operation["responses"][str(example["status"])].get("content", {})
        for content, value in ((asked, example.get("request")), (answered, example["answer"])):
            for media_type in content.values():
                _find(schemas, media_type.get("schema", {}), value)


def _find(schemas: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """Walk a value along its schema, and leave it as an example with each schema that has none yet."""
    if value is None:
        return
    if "$ref" in schema:
        named = schemas[schema["$ref"].rpartition("/")[2]]
        named.setdefault("examples", [value])
        _find(schemas, named, value)
    for choice in schema.get("anyOf", ()):
        if _fits(schemas, choice, value):
            _find(schemas, choice, value)
    if isinstance(value, list):
        for each in value:
            _find(schemas, schema.get("items", {}), each)
    if isinstance(value, dict):
        others = schema.get("additionalProperties")
        for name, each in value.items():
            known = schema.get("properties", {}).get(name)
            _find(schemas, known or (others if isinstance(others, dict) else {}), each)


def _fits(schemas: dict[str, Any], schema: dict[str, Any], value: Any) -> bool:
    named = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if isinstance(value, dict):
        return set(named.get("required", ())) <= value.keys()
    return True


def _without_titles(schema: Any) -> None:
    """Programs that make clients would name types after them."""
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str):
            del schema["title"]
        for name, each in schema.items():
            if name not in ("example", "examples", "default"):
                _without_titles(each)
    elif isinstance(schema, list):
        for each in schema:
            _without_titles(each)


def written(examples: Examples) -> str:
    """The document as it stands in `mobile_contract/openapi.json`."""
    from api.mobile import router

    return json.dumps(document(router, examples), ensure_ascii=False, indent=2) + "\n"


def main(folder: Path) -> None:
    from api.mobile import error_table, router

    examples = json.loads((folder / "examples.json").read_text("utf-8"))
    (folder / "openapi.json").write_text(written(examples), "utf-8")
    (folder / "errors.md").write_text(error_table.written(document(router)), "utf-8")
    frozen = folder / "levels" / str(LEVEL) / "openapi.json"
    if not frozen.exists():
        frozen.parent.mkdir(parents=True)
        frozen.write_text(written(examples), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
