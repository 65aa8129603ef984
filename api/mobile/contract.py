"""The published contract of /v1: how a route declares its answers, and the OpenAPI document made of that."""

import json
import sys
from typing import Any

from fastapi import APIRouter, Response
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.mobile.answers import Problem

LEVEL = 1
"""Of the contract; rises with each addition that an app can rely on."""
MINIMUM_LEVEL = 1
"""The oldest that is still served."""

PROBLEM = "application/problem+json"
ALWAYS = (413, 422, 500, 503)
"""Any request can be too long or malformed; any may come while we, or the database, are down."""
SIGNED_IN = (401,)


def answers(
    model: type[BaseModel] | None, *problems: int, status: int = 200, also: tuple[int, ...] = ()
) -> Any:
    """Keyword arguments of a route: what it answers, and which problems beside those of any request.

    `also`: further successes of the same shape (204 and 304 have none).
    """
    responses: dict[int | str, Any] = {
        code: {"model": Problem, "description": "Problem"} for code in sorted({*problems, *ALWAYS})
    }
    for code in (status, *also):
        has_body = model is not None and code not in (204, 304)
        responses[code] = {"model": model} if has_body else {"description": "No content"}
    return {"response_model": None, "status_code": status, "responses": responses}


def picture(*problems: int) -> Any:
    """As `answers`, for a route that answers with a picture."""
    declared = answers(None, *problems) | {"response_class": Response}
    declared["responses"][200] = {"content": {"image/webp": {}, "image/jpeg": {}}, "description": "Picture"}
    return declared


def document(router: APIRouter) -> dict[str, Any]:
    """OpenAPI 3.1 of exactly the routes of `router`."""
    whole = get_openapi(
        title="/v1", version=str(LEVEL), summary="What residents' apps may rely on", routes=router.routes
    )
    for path in whole["paths"].values():
        for operation in path.values():
            for code, answer in operation["responses"].items():
                if code >= "400":
                    # FastAPI writes its own shape for 422; ours is the one shape of every error.
                    schema = {"$ref": "#/components/schemas/Problem"}
                    answer |= {"description": "Problem", "content": {PROBLEM: {"schema": schema}}}
            if "401" in operation["responses"]:
                operation["security"] = [{"device": []}]
    for unused in ("HTTPValidationError", "ValidationError"):
        whole["components"]["schemas"].pop(unused, None)
    whole["components"]["securitySchemes"] = {"device": {"type": "http", "scheme": "bearer"}}
    return whole


def written() -> str:
    """The document as it stands in `mobile_contract/openapi.json`."""
    from api.mobile import router

    return json.dumps(document(router), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(written())
